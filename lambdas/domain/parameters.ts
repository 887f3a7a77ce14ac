import { type Conditions, type Entitlement, own, type StatementTemplate } from './access-file.ts'
import { withFences } from './fence-conditions.ts'
import type { Reach } from './reach.ts'

/** An Allow statement whose places are filled, with the entitlement's fences; the fence of the grant is not on it yet. */
export interface Statement extends Reach {
  readonly conditions?: Conditions | undefined
}

export type Parameters = Readonly<Record<string, string>>

export type Rendering =
  | { readonly outcome: 'rendered'; readonly statements: readonly Statement[] }
  | { readonly outcome: 'refused'; readonly parameter: string; readonly detail: string; readonly wouldPass: string }

/** The longest value a parameter may have, in characters. */
export const LONGEST_PARAMETER = 128

/**
 * Characters that would widen what a policy means whatever the pattern of the access file lets through: wildcards, policy
 * variables, the ARN separator, quotes, control characters, and those that cannot be seen. `/` stays allowed: names of secrets and log groups have it.
 */
const WIDENING = /[*?$:"'\\{}\s\p{Cc}\p{Cf}]/u
const PLACE = /\$\{([A-Za-z][A-Za-z0-9]*)\}/g

/**
 * Fills the entitlement's statements with the given parameters and adds its fences to each, or says which parameter does not pass
 * and what would. Pages show, approvals hash and grants hold what comes out here.
 */
export function render(entitlement: Entitlement, parameters: Parameters): Rendering {
  for (const name of Object.keys(parameters)) {
    if (!Object.hasOwn(entitlement.parameters, name)) return unknown(entitlement, name)
  }
  for (const [name, { pattern, example, description }] of Object.entries(entitlement.parameters)) {
    const value = own(parameters, name)
    const wouldPass = `${name}: ${description}, matching ${pattern}, for example ${example}`
    if (value === '') {
      return { outcome: 'refused', parameter: name, detail: `parameter ${name} is empty`, wouldPass }
    }
    if (value === undefined)
      return { outcome: 'refused', parameter: name, detail: `parameter ${name} is missing`, wouldPass }
    if (value.length > LONGEST_PARAMETER) {
      const detail = `parameter ${name} is longer than ${LONGEST_PARAMETER} characters`
      return { outcome: 'refused', parameter: name, detail, wouldPass }
    }
    if (WIDENING.test(value)) {
      const detail = `parameter ${name} has a character that would widen the policy (wildcard, variable, separator or space)`
      return { outcome: 'refused', parameter: name, detail, wouldPass }
    }
    if (!new RegExp(`^(?:${pattern})$`, 'u').test(value)) {
      return { outcome: 'refused', parameter: name, detail: `parameter ${name} does not match ${pattern}`, wouldPass }
    }
  }
  const filled = entitlement.statements.map(statement => fill(statement, parameters))
  const { fences } = entitlement
  if (!fences) return { outcome: 'rendered', statements: filled }
  const statements = filled.map(({ conditions = {}, ...rest }) => ({
    ...rest,
    conditions: withFences(conditions, fences),
  }))
  return { outcome: 'rendered', statements }
}

/** The names of the `${places}` a template has. IAM's own variables (`${aws:username}`) hold a colon and are no places. */
export function placesOf({ resources, conditions }: StatementTemplate): readonly string[] {
  const texts = [...resources, ...Object.values(conditions ?? {}).flatMap(keys => Object.values(keys).flat())]
  return [...new Set(texts.flatMap(text => [...text.matchAll(PLACE)].flatMap(match => match[1] ?? [])))]
}

function fill({ conditions, ...template }: StatementTemplate, parameters: Parameters): Statement {
  const put = (text: string): string => text.replaceAll(PLACE, (place, name: string) => own(parameters, name) ?? place)
  const reach: Reach = { ...template, resources: template.resources.map(put) }
  if (!conditions) return reach
  const filled = Object.entries(conditions).map(([operator, keys]) => [
    operator,
    Object.fromEntries(
      Object.entries(keys).map(([key, value]) => [key, typeof value === 'string' ? put(value) : value.map(put)]),
    ),
  ])
  return { ...reach, conditions: Object.fromEntries(filled) }
}

function unknown(entitlement: Entitlement, name: string): Rendering {
  const known = Object.keys(entitlement.parameters)
  const wouldPass = known.length > 0 ? `the parameters ${known.join(', ')}` : 'no parameters at all'
  return { outcome: 'refused', parameter: name, detail: `${entitlement.id} has no parameter ${name}`, wouldPass }
}
