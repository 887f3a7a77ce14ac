import { digest } from '../digest.ts'
import { toInstant } from '../instant.ts'
import type { Statement } from '../parameters.ts'
import { isInSpan, type Span } from './books.ts'
import type { Call } from './call.ts'
import { allowsAction } from './granted.ts'
import type { Violation } from './violations.ts'

/** What was done during a grant, as far as CloudTrail's management events show it. */
export interface Activity {
  readonly requestId: string
  /** `final` never changes, and its hash is in the ledger. */
  readonly state: 'provisional' | 'final'
  readonly readAt: Date
  readonly coverage: Coverage
  /**
   * `used`: an action the grant allows succeeded in its window. `not-seen` is not `unused`: reading an object is no management event,
   * and of such events a trail records what it is told to. `unknown`: nobody can say any
   * more what the grant allowed.
   */
  readonly grantUse: 'used' | 'not-seen' | 'unknown'
  /** The actions of the grant as its policy says them, and whether one of each was seen; where they are many, those seen first. */
  readonly granted: readonly { readonly pattern: string; readonly isSeen: boolean }[]
  /** In the window, the most frequent first. */
  readonly actions: readonly ActionUse[]
  /** Of calls in the window that succeeded, by name. */
  readonly resources: readonly string[]
  readonly violations: readonly Violation[]
  /** How many more there were than are kept. */
  readonly leftOut: {
    readonly actions: number
    readonly resources: number
    readonly violations: number
    /** Of the actions the policy names. A policy of AWS may name thousands. */
    readonly granted?: number | undefined
  }
}

/** What was looked at. */
export interface Coverage extends Span {
  /** `management`: data events, such as reading an object, are in no event history. `trail`: what the files of a trail have, too. */
  readonly events: 'management' | 'trail'
  readonly regions: readonly string[]
  readonly pages: number
  /** Of the trail. */
  readonly files?: number | undefined
  /** There was more than was read, or CloudTrail has forgotten some: the oldest calls are missing. */
  readonly isCut: boolean
  /** Events of that name that could not be read. */
  readonly unreadable: number
}

export interface ActionUse {
  readonly action: string
  readonly calls: number
  readonly isReadOnly: boolean
  /** Whether the grant allows it; what it does not allow was done with other rights, or refused. */
  readonly isGranted: boolean
  /** Error codes, with how often. */
  readonly errors: Readonly<Record<string, number>>
  readonly first: Date
  readonly last: Date
}

/** A row of DynamoDB holds 400 KB; this keeps one to a tenth of that. */
const MOST_ACTIONS = 100
const MOST_RESOURCES = 100
const MOST_VIOLATIONS = 20
const MOST_PATTERNS = 300
const LONGEST_NAME = 300

export interface Seen {
  readonly calls: readonly Call[]
  readonly window: Span
  /** Undefined when nobody knows what the grant allowed. */
  readonly statements: readonly Statement[] | undefined
  readonly violations: readonly Violation[]
}

/** What was seen, put together and bounded. */
export function activityOf(
  head: Pick<Activity, 'requestId' | 'state' | 'readAt' | 'coverage'>,
  { calls, window, statements, violations }: Seen,
): Activity {
  const within = calls.filter(({ at }) => isInSpan(window, at))
  const done = within.filter(({ error }) => error === undefined)
  const succeeded = [...new Set(done.map(({ action }) => action))]
  const granted = patternsOf(statements ?? []).map(pattern => {
    const named = naming(statements ?? [], pattern)
    return { pattern, isSeen: succeeded.some(action => allowsAction(named, action)) }
  })
  const actions = [...Map.groupBy(within, ({ action }) => action)]
    .map(([action, of]) => useOf(action, of, statements ?? []))
    .sort((a, b) => b.calls - a.calls || (a.action < b.action ? -1 : 1))
  const resources = [...new Set(done.flatMap(call => call.resources.map(cut)))].sort()
  const isUsed = succeeded.some(action => allowsAction(statements ?? [], action))
  return {
    ...head,
    grantUse: statements ? (isUsed ? 'used' : 'not-seen') : 'unknown',
    granted: granted.length > MOST_PATTERNS ? seenFirst(granted).slice(0, MOST_PATTERNS) : granted,
    actions: actions.slice(0, MOST_ACTIONS),
    resources: resources.slice(0, MOST_RESOURCES),
    violations: violations
      .slice(0, MOST_VIOLATIONS)
      .map(each => ({ ...each, resources: each.resources.slice(0, MOST_VIOLATIONS).map(cut) })),
    leftOut: {
      actions: Math.max(0, actions.length - MOST_ACTIONS),
      resources: Math.max(0, resources.length - MOST_RESOURCES),
      violations: Math.max(0, violations.length - MOST_VIOLATIONS),
      ...(granted.length > MOST_PATTERNS && { granted: granted.length - MOST_PATTERNS }),
    },
  }
}

function seenFirst(granted: Activity['granted']): Activity['granted'] {
  return granted.toSorted((a, b) => Number(b.isSeen) - Number(a.isSeen))
}

function patternsOf(statements: readonly Statement[]): readonly string[] {
  return [...new Set(statements.flatMap(({ actions }) => actions))]
}

/** The statements with a pattern among their actions, as if it were the only one. */
function naming(statements: readonly Statement[], pattern: string): readonly Statement[] {
  return statements
    .filter(({ actions }) => actions.includes(pattern))
    .map(statement => ({ ...statement, actions: [pattern] }))
}

function useOf(action: string, calls: readonly Call[], statements: readonly Statement[]): ActionUse {
  const times = calls.map(({ at }) => at.getTime())
  const failed = Map.groupBy(
    calls.flatMap(({ error }) => error ?? []),
    code => cut(code),
  )
  return {
    action,
    calls: calls.length,
    isReadOnly: calls.every(({ isReadOnly }) => isReadOnly),
    isGranted: allowsAction(statements, action),
    errors: Object.fromEntries([...failed].map(([code, all]) => [code, all.length])),
    first: new Date(Math.min(...times)),
    last: new Date(Math.max(...times)),
  }
}

function cut(name: string): string {
  return name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name
}

/** As it stands in rows, answers and hashes. */
export function activityJson({ readAt, coverage, granted, actions, resources, violations, ...rest }: Activity) {
  return {
    ...rest,
    readAt: toInstant(readAt),
    coverage: { ...coverage, from: toInstant(coverage.from), until: toInstant(coverage.until) },
    granted: granted.map(each => ({ ...each })),
    actions: actions.map(use => ({ ...use, first: toInstant(use.first), last: toInstant(use.last) })),
    resources,
    violations: violations.map(each => ({ ...each, at: toInstant(each.at) })),
  }
}

/** What the ledger proves it by. */
export function activityHash(activity: Activity): string {
  return digest(activityJson(activity))
}
