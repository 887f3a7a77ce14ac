import type { Fences, StatementTemplate } from '../../lambdas/domain/access-file.ts'
import { fenceCollisions } from '../../lambdas/domain/fence-conditions.ts'
import type { Flaw, Path } from './flaw.ts'
import { BY_HAND } from './managed-policy.ts'
import type { SoundEntitlement } from './sound-parts.ts'

/** An entitlement must say once what it allows; a policy that is named must be there, and leave room for the fences. */
export function managedPolicyFlaws(id: string, entitlement: SoundEntitlement): readonly Flaw[] {
  const { declared, managedPolicy, fences } = entitlement
  const own: Path = ['entitlements', id]
  const path: Path = [...own, 'managedPolicy']
  if (declared.statements && declared.managedPolicy) {
    const message = 'the entitlement has both statements and managedPolicy'
    return [{ path, on: 'key', message, fix: 'make two entitlements of it' }]
  }
  if (!declared.statements && !declared.managedPolicy) {
    const fix = 'add statements: the Allow statements of the policy, or managedPolicy: an AWS-managed policy'
    return [{ path: own, on: 'key', message: 'the entitlement has neither statements nor managedPolicy', fix }]
  }
  if (managedPolicy?.outcome === 'unusable')
    return [{ path, on: 'value', message: managedPolicy.message, fix: managedPolicy.fix }]
  return managedPolicy ? collisionFlaws(path, managedPolicy.statements, fences ?? {}) : []
}

function collisionFlaws(path: Path, statements: readonly StatementTemplate[], fences: Fences): readonly Flaw[] {
  return statements.flatMap(({ conditions }, index) =>
    fenceCollisions(conditions ?? {}, fences).map(({ operator, key }): Flaw => {
      const message = `statement ${index + 1} sets ${operator} ${key}, and so do the fences of this entitlement`
      return { path, on: 'value', message, fix: `take the fence out, or ${BY_HAND}` }
    }),
  )
}
