import type { Fences, StatementTemplate } from '../../lambdas/domain/access-file.ts'
import { fenceCollisions } from '../../lambdas/domain/fence-conditions.ts'
import type { Flaw, Path } from './flaw.ts'
import { BY_HAND } from './managed-policy.ts'
import type { SoundEntitlement } from './sound-parts.ts'

/** An entitlement must say once what it allows; a policy that is named must be there, and leave room for the fences. */
export function managedPolicyFlaws(id: string, entitlement: SoundEntitlement): readonly Flaw[] {
  const { declared, managedPolicy, fences, asIs } = entitlement
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
  const unfit = asIsFlaws(own, entitlement)
  if (managedPolicy?.outcome === 'unusable')
    return [...unfit, { path, on: 'value', message: managedPolicy.message, fix: managedPolicy.fix }]
  if (asIs.isAsked) return unfit
  return [...unfit, ...(managedPolicy ? collisionFlaws(path, managedPolicy.statements, fences ?? {}) : [])]
}

/** A policy that is attached as it is has no fence, neither Lapse's nor the entitlement's, and somebody must say why that is acceptable. */
function asIsFlaws(own: Path, { declared, asIs, fences }: SoundEntitlement): readonly Flaw[] {
  const { isAsked, isExplained } = asIs
  const flaw = (name: string, message: string, fix: string): Flaw => ({ path: [...own, name], on: 'key', message, fix })
  if (!isAsked)
    return isExplained ? [flaw('because', 'there is a because and no attach: as-is', 'take it out, or add attach')] : []
  return [
    ...(declared.managedPolicy
      ? []
      : [flaw('attach', 'only an AWS-managed policy is attached as it is', 'take it out')]),
    ...(isExplained
      ? []
      : [flaw('attach', 'the policy is attached without a fence, and nobody says why', 'add because: a sentence')]),
    ...(fences && Object.keys(fences).length === 0
      ? []
      : [flaw('fences', 'a policy that is attached as it is can have no fences', 'take them out, or attach')]),
  ]
}

function collisionFlaws(path: Path, statements: readonly StatementTemplate[], fences: Fences): readonly Flaw[] {
  return statements.flatMap(({ conditions }, index) =>
    fenceCollisions(conditions ?? {}, fences).map(({ operator, key }): Flaw => {
      const message = `statement ${index + 1} sets ${operator} ${key}, and so do the fences of this entitlement`
      return { path, on: 'value', message, fix: `take the fence out, or ${BY_HAND}` }
    }),
  )
}
