import {
  ACCESS_LEVELS,
  type AllowedActions,
  type AllowedLevel,
  type SensitiveActions,
} from '../../lambdas/domain/allowed-actions.ts'
import type { Reach } from '../../lambdas/domain/reach.ts'
import { covers, RISKY_ACTIONS } from '../entitlement-lint/risks.ts'
import { escalationsByStatement, type OpenedWay, toldTogether } from './escalations.ts'
import { SECRETS, type Sensitivity, sensitivityOf } from './sensitive-actions.ts'
import { type KnownAction, knownService } from './service-reference.ts'

/** Names kept of each list. They are carried by every function. */
const MOST_EXAMPLES = 6
/** Services of one statement that are told one by one; an AWS-managed policy can have three hundred. */
const MOST_SERVICES = 12

/** What each statement allows in each service, by access level, and what of it is sensitive. Resources and conditions are not weighed. */
export function allowedActions(statements: readonly Reach[]): readonly AllowedActions[] {
  const ways = escalationsByStatement(statements)
  return statements.flatMap((statement, index) => inStatement(statement, index, ways[index] ?? []))
}

function inStatement(reach: Reach, statement: number, ways: readonly OpenedWay[]): readonly AllowedActions[] {
  if (reach.actions.includes('*')) {
    const sensitive = [...toldTogether(ways), ...riskyBut(reach.exceptActions ?? [])]
    return [{ statement, service: 'AWS', isEverything: true, levels: [], sensitive }]
  }
  const patterns = Map.groupBy(reach.actions, pattern => prefixOf(pattern))
  const services = [...patterns].map(([prefix, own]) => inService(prefix, own))
  if (services.length > MOST_SERVICES) return [together(services, statement, ways)]
  return services.map(({ prefix, name, isEverything, matched }) => ({
    statement,
    service: name,
    isEverything,
    levels: levelsOf(matched.map(action => ({ ...action, shown: action.name }))),
    sensitive: [
      ...toldTogether(ways.filter(({ service }) => service === prefix)),
      ...sensitiveOf(matched.map(action => ({ ...action, shown: action.name }))),
    ],
  }))
}

/** Many services as one, their actions with the prefix of each. */
function together(services: readonly ServiceReach[], statement: number, ways: readonly OpenedWay[]): AllowedActions {
  const matched = services.flatMap(({ matched: own }) =>
    own.map(action => ({ ...action, shown: `${action.prefix}:${action.name}` })),
  )
  return {
    statement,
    service: `${services.length} services`,
    isEverything: false,
    levels: levelsOf(matched),
    sensitive: [...toldTogether(ways), ...sensitiveOf(matched)],
  }
}

interface Matched extends KnownAction {
  readonly prefix: string
  readonly isByWildcard: boolean
}

interface ServiceReach {
  readonly prefix: string
  readonly name: string
  readonly isEverything: boolean
  /** What was named one by one, in its order; then what a wildcard covers, the shortest names first: they are the plain ones. */
  readonly matched: readonly Matched[]
}

function inService(prefix: string, patterns: readonly string[]): ServiceReach {
  const known = knownService(prefix)
  const all = (known?.actions ?? []).toSorted((a, b) => a.name.length - b.name.length || (a.name < b.name ? -1 : 1))
  const found = new Map<string, Matched>()
  for (const pattern of patterns.toSorted((a, b) => Number(isWildcard(a)) - Number(isWildcard(b)))) {
    const covered = all.filter(({ name }) => covers(pattern, `${prefix}:${name}`))
    const unknown: KnownAction = { name: pattern.slice(prefix.length + 1), level: 'Unknown' }
    for (const action of covered.length > 0 ? covered : [unknown]) {
      if (!found.has(action.name)) found.set(action.name, { ...action, prefix, isByWildcard: isWildcard(pattern) })
    }
  }
  const isEverything = patterns.some(pattern => /:\*+$/.test(pattern))
  return { prefix, name: known?.name ?? prefix, isEverything, matched: [...found.values()] }
}

interface Shown extends Matched {
  readonly shown: string
}

function levelsOf(actions: readonly Shown[]): readonly AllowedLevel[] {
  return ACCESS_LEVELS.flatMap(level => {
    const own = actions.filter(action => action.level === level)
    const isByWildcard = own.some(action => action.isByWildcard)
    return own.length === 0 ? [] : [{ level, isByWildcard, ...some(own.map(({ shown }) => shown)) }]
  })
}

function sensitiveOf(actions: readonly Omit<Shown, 'isByWildcard'>[]): readonly SensitiveActions[] {
  const groups = new Map<string, { readonly sensitivity: Sensitivity; readonly names: string[] }>()
  for (const action of actions) {
    const sensitivity = sensitivityOf(action.prefix, action)
    if (!sensitivity) continue
    const group = groups.get(sensitivity.why) ?? { sensitivity, names: [] }
    group.names.push(action.shown)
    groups.set(sensitivity.why, group)
  }
  return [...groups.values()].map(({ sensitivity, names }) => ({ ...sensitivity, ...some(names) }))
}

/** What is risky of everything: looking at each action of each service for one sentence is not worth its seconds. */
function riskyBut(excepted: readonly string[]): readonly SensitiveActions[] {
  const names = Object.keys({ ...RISKY_ACTIONS, ...SECRETS }).filter(
    action => !excepted.some(pattern => covers(pattern, action)),
  )
  return sensitiveOf(
    names.map(action => {
      const [prefix = '', name = ''] = action.split(':')
      return { prefix, name, shown: action, level: 'Permissions management' }
    }),
  )
}

function some(names: readonly string[]) {
  return { count: names.length, examples: names.slice(0, MOST_EXAMPLES) }
}

function prefixOf(pattern: string): string {
  return (pattern.split(':')[0] ?? pattern).toLowerCase()
}

function isWildcard(pattern: string): boolean {
  return /[*?]/.test(pattern)
}
