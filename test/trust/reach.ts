import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { ACCOUNT, REGION } from '../support/concrete.ts'
import { type RoleView, type Statement, statementsOf } from '../support/template-policies.ts'

/** Role → `actions on resources if conditions`; what a Deny takes away begins with `never`. ARNs of the own account are shortened. */
export const $reach = z.record(z.string(), z.array(z.string()))
export type Reach = z.output<typeof $reach>

export const MANIFEST = new URL('./reach-manifest.json', import.meta.url)

export function reviewedReach(): Reach {
  return $reach.parse(JSON.parse(readFileSync(MANIFEST, 'utf8')))
}

/** Everything the roles may do, read from their policies: the complete list, not only what is known to be dangerous. */
export function reachOf(roles: readonly RoleView[]): Reach {
  const byName = roles.toSorted((a, b) => a.name.localeCompare(b.name))
  return Object.fromEntries(byName.map(role => [role.name, statementsOf(role).map(sentenceOf).sort()]))
}

function sentenceOf(statement: Statement): string {
  const { Effect, Action, NotAction, Resource } = statement
  const actions = NotAction ? `anything but ${NotAction.toSorted().join(', ')}` : Action.toSorted().join(', ')
  const resources = Resource.map(shortened).sort().join(' or ')
  return `${Effect === 'Deny' ? 'never ' : ''}${actions} on ${resources}${conditionOf(statement)}`
}

function shortened(arn: string): string {
  return arn.replace(OWN, '$<service>:')
}

const OWN = new RegExp(`^arn:aws:(?<service>[a-z0-9-]+):(?:${REGION})?:${ACCOUNT}:`)

function conditionOf({ Condition = {} }: Statement): string {
  const terms = Object.entries(Condition).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => `${key} ${operator} ${values.map(shortened).sort().join(' or ')}`),
  )
  return terms.length === 0 ? '' : ` if ${terms.sort().join(' and ')}`
}

/** What changed between the reviewed reach and the present one, a sentence a line; nothing when they agree. */
export function changesOf(reviewed: Reach, present: Reach): readonly string[] {
  const before = new Set(sentencesOf(reviewed))
  const now = new Set(sentencesOf(present))
  return [
    ...[...now].filter(sentence => !before.has(sentence)).map(sentence => `new: ${sentence}`),
    ...[...before].filter(sentence => !now.has(sentence)).map(sentence => `gone: ${sentence}`),
  ]
}

function sentencesOf(reach: Reach): readonly string[] {
  return Object.entries(reach).flatMap(([role, sentences]) => [
    `a role ${role}`,
    ...sentences.map(sentence => (sentence.startsWith('never ') ? `${role}: ${sentence}` : `${role} may ${sentence}`)),
  ])
}
