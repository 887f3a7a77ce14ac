import type { Conditions } from '../domain/access-file.ts'
import type { Statement } from '../domain/parameters.ts'
import { reachJson } from '../domain/reach.ts'
import type { Fact } from './request-facts.ts'
import type { RequestView } from './request-view.ts'

/** The exact actions, resources and conditions, statement by statement: actions of one never read as if on resources of another. */
export function accessFacts({ statements }: Pick<RequestView, 'statements'>): readonly Fact[] {
  return statements.flatMap(({ actions, exceptActions, resources, exceptResources, conditions }, index) => {
    const of = statements.length === 1 ? '' : ` (${index + 1} of ${statements.length})`
    const only = conditionLines(conditions ?? {})
    return [
      { label: `Actions${of}`, values: actions, look: 'code' as const },
      ...exceptFacts(`Actions left out${of}`, exceptActions),
      { label: `Resources${of}`, values: resources, look: 'code' as const },
      ...exceptFacts(`Resources left out${of}`, exceptResources),
      ...(only.length === 0 ? [] : [{ label: `Only when${of}`, values: only, look: 'code' as const }]),
    ]
  })
}

/** The statements as IAM will hold them, but for the fence. */
export function policyJson(statements: readonly Statement[]): string {
  const policyStatements = statements.map(({ conditions, ...reach }) => ({
    Effect: 'Allow',
    ...reachJson(reach),
    ...(conditions && { Condition: conditions }),
  }))
  return JSON.stringify(policyStatements, null, 2)
}

function exceptFacts(label: string, values: readonly string[] | undefined): readonly Fact[] {
  return values ? [{ label, values, look: 'code' }] : []
}

function conditionLines(conditions: Conditions): readonly string[] {
  return Object.entries(conditions).flatMap(([operator, keys]) =>
    Object.entries(keys).map(
      ([key, value]) => `${operator} ${key} ${typeof value === 'string' ? value : value.join(', ')}`,
    ),
  )
}
