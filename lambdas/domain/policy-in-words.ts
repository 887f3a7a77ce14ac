import { listed, someActionsWords } from './action-words.ts'
import {
  ACCESS_LEVELS,
  type AccessLevel,
  type AllowedActions,
  SENSITIVE_REASONS,
  type SensitiveReason,
} from './allowed-actions.ts'
import { conditionWords } from './condition-words.ts'
import type { Statement } from './parameters.ts'
import { otherAccounts, resourceWords } from './resource-words.ts'

/** One thing a policy allows, in words for people. */
export interface PolicySentence {
  readonly text: string
  /** Why somebody should look twice. */
  readonly sensitive?: SensitiveReason | undefined
  /** Of the actions; what is sensitive, or everything, has none. */
  readonly level?: AccessLevel | undefined
}

/**
 * What filled statements allow, in sentences: what is sensitive first, then by access level, what can do most before what can do least.
 * `account` is the person's own. What was not worked out at synth is named all the same, as of an unknown level.
 */
export function policyInWords(
  allows: readonly AllowedActions[] | undefined,
  statements: readonly Statement[],
  account: string,
): readonly PolicySentence[] {
  const sentences = statements.flatMap((statement, index) => {
    const known = allows?.filter(each => each.statement === index) ?? []
    const tail = tailOf(statement, account)
    return [
      ...otherAccountSentences(statement, account),
      ...(known.length > 0 ? known : namedBy(statement, index)).flatMap(each => sentencesOf(each, statement, tail)),
    ]
  })
  return sentences.toSorted((a, b) => weightOf(a) - weightOf(b))
}

function sentencesOf(allowed: AllowedActions, { exceptActions }: Statement, tail: string): readonly PolicySentence[] {
  const { service, isEverything, levels, sensitive } = allowed
  const but = exceptActions ? ` but ${someActionsWords(shortened(exceptActions))}` : ''
  return [
    ...sensitive.map(({ reason, why, ...some }) => ({
      text: `Sensitive in ${service}: ${someActionsWords(some)}. This ${why}.${tail}`,
      sensitive: reason,
    })),
    ...(isEverything ? [{ text: `Everything in ${service}${but}, also what AWS adds later.${tail}` }] : []),
    ...levels.map(({ level, isByWildcard, ...some }) => {
      const later = isByWildcard && !isEverything ? LATER : ''
      return { text: `${LEVEL_WORDS[level]} in ${service}: ${someActionsWords(some)}.${later}${tail}`, level }
    }),
  ]
}

const LATER = ' Named by a wildcard: what AWS adds under it later is allowed too.'

function otherAccountSentences(statement: Statement, account: string): readonly PolicySentence[] {
  const others = otherAccounts(statement, account)
  if (others.length === 0) return []
  const text = `Sensitive: resources of ${others.length === 1 ? 'another account' : 'other accounts'}, ${listed(others)}. This reaches beyond the account Lapse runs in.`
  return [{ text, sensitive: 'other-account' }]
}

const LEVEL_WORDS: Readonly<Record<AccessLevel, string>> = {
  'Permissions management': 'Permissions management',
  Unknown: 'Access of an unknown kind',
  Write: 'Write',
  Tagging: 'Tagging',
  Read: 'Read',
  List: 'List',
}

function tailOf(statement: Statement, account: string): string {
  const only = conditionWords(statement.conditions ?? {})
  return ` On ${resourceWords(statement, account)}.${only.length === 0 ? '' : ` Only when ${only.join(', and ')}.`}`
}

/** The weights of reasons are below those of levels; everything stands between the two. */
function weightOf({ sensitive, level }: PolicySentence): number {
  if (sensitive) return SENSITIVE_REASONS.indexOf(sensitive)
  return SENSITIVE_REASONS.length + (level ? 1 + ACCESS_LEVELS.indexOf(level) : 0)
}

const MOST_NAMED = 6

/** The actions of a statement by the prefix of their service, from nothing but the statement itself. */
function namedBy({ actions }: Statement, statement: number): readonly AllowedActions[] {
  const services = Map.groupBy(actions, action => action.split(':')[0] ?? action)
  return [...services].map(([service, names]) => {
    if (service === '*') return { statement, service: 'AWS', isEverything: true, levels: [], sensitive: [] }
    const own = shortened(names.map(name => name.slice(service.length + 1)))
    const isByWildcard = names.some(name => /[*?]/.test(name))
    return {
      statement,
      service,
      isEverything: false,
      levels: [{ level: 'Unknown', isByWildcard, ...own }],
      sensitive: [],
    }
  })
}

function shortened(names: readonly string[]) {
  return { count: names.length, examples: names.slice(0, MOST_NAMED) }
}
