import type { Entitlement, Fences } from '../../lambdas/domain/access-file.ts'
import { type Fence, fenced, isFenceKey } from '../../lambdas/domain/fence.ts'
import { fenceCollisions } from '../../lambdas/domain/fence-conditions.ts'
import { LONGEST_PARAMETER, type Parameters, render } from '../../lambdas/domain/parameters.ts'
import type { Flaw } from './flaw.ts'
import { BY_HAND_OR_AS_IS } from './managed-policy.ts'
import type { SoundEntitlement } from './sound-parts.ts'

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: characters of a managed policy, white space not counted. */
const LARGEST_POLICY = 6144

type FencedPerson = Pick<Fence, 'userId' | 'sourceIdentity'>

/** An example that would be refused when somebody asks with it, so that a pattern is seen working. */
export function exampleFlaws(id: string, { parameters }: SoundEntitlement): readonly Flaw[] {
  return Object.entries(parameters ?? {}).flatMap(([name, parameter]): readonly Flaw[] => {
    const rendering = render(templateOf({ [name]: parameter }, []), { [name]: parameter.example })
    if (rendering.outcome === 'rendered') return []
    const message = `the example ${parameter.example} would be refused: ${rendering.detail}`
    const fix = 'correct the example or the pattern'
    return [{ path: ['entitlements', id, 'parameters', name, 'example'], on: 'value', message, fix }]
  })
}

/** A policy that IAM would refuse as too large, found now and not after somebody approved. `person` is the longest there is. */
export function policySizeFlaws(
  id: string,
  { parameters, statements, managedPolicy, asIs, fences = {} }: SoundEntitlement,
  person: FencedPerson,
): readonly Flaw[] {
  if (asIs.isAsked) return []
  const whole = statements.flatMap(statement => statement ?? [])
  const conditionKeys = whole.flatMap(({ conditions }) =>
    Object.values(conditions ?? {}).flatMap(keys => Object.keys(keys)),
  )
  const isClear = whole.every(({ conditions }) => fenceCollisions(conditions ?? {}, fences).length === 0)
  if (!parameters || whole.length < statements.length || conditionKeys.some(isFenceKey) || !isClear) return []

  const size = largestSize(templateOf(parameters, whole, fences), person)
  if (size <= LARGEST_POLICY) return []
  const message = `the policy can grow to ${size} characters, and IAM takes ${LARGEST_POLICY}`
  if (managedPolicy) {
    const copied = `the fenced copy of the policy has ${size} characters, and IAM takes ${LARGEST_POLICY}`
    return [{ path: ['entitlements', id, 'managedPolicy'], on: 'value', message: copied, fix: BY_HAND_OR_AS_IS }]
  }
  return [{ path: ['entitlements', id, 'statements'], on: 'key', message, fix: 'split the entitlement, or list less' }]
}

/** The size with every parameter as long as can be, whatever its pattern: an upper bound that is never too low. */
function largestSize(template: Entitlement, person: FencedPerson): number {
  const open = Object.entries(template.parameters).map(([name, parameter]) => [name, { ...parameter, pattern: '.*' }])
  const longest: Parameters = Object.fromEntries(
    Object.keys(template.parameters).map(name => [name, 'x'.repeat(LONGEST_PARAMETER)]),
  )
  const rendering = render({ ...template, parameters: Object.fromEntries(open) }, longest)
  if (rendering.outcome === 'refused') throw new Error(`the longest parameters do not render: ${rendering.detail}`)
  const fence = { notBefore: new Date(0), notAfter: new Date(1000), ...person }
  return JSON.stringify(fenced(rendering.statements, fence)).length
}

/** As much of an entitlement as rendering needs. */
function templateOf(
  parameters: Entitlement['parameters'],
  statements: Entitlement['statements'],
  fences: Fences = {},
): Entitlement {
  return {
    ...{ id: 'template', title: '', description: '', risk: 'low', codeRequired: false, rules: [], stages: [] },
    duration: { defaultSeconds: 0, maximumSeconds: 0 },
    ladder: { remindAfterSeconds: 0, unansweredAfterSeconds: 0 },
    parameters,
    statements,
    fences,
  }
}
