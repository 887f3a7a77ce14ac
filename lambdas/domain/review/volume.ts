import type { Request, Status } from '../request.ts'
import { byText, memberOf, mergeMaps } from './grouped.ts'
import { isoWeekOf, isoWeeksOf } from './iso-week.ts'
import type { Lens } from './lens.ts'

/** What became of a request, in the few words a reader of a chart can hold. */
export const OUTCOMES = ['granted', 'denied', 'refused', 'unanswered', 'other'] as const
export type Outcome = (typeof OUTCOMES)[number]

/** `granted` has a grant that did not fail; `denied` is a person's no, `refused` a rule's; `other` is open, cancelled or failed. */
export type Outcomes = { readonly total: number } & Readonly<Record<Outcome, number>>

export interface VolumeResult {
  readonly volume: {
    readonly requests: Outcomes
    readonly byStatus: readonly { readonly status: Status; readonly count: number }[]
    readonly byPerson: readonly (Outcomes & { readonly person: string })[]
    readonly byEntitlement: readonly (Outcomes & { readonly entitlement: string })[]
    /** ISO weeks by UTC, in order, empty ones too. */
    readonly byWeek: readonly (Outcomes & { readonly week: string })[]
    /** The same person asking for the same entitlement more than once, most often first. */
    readonly repeats: readonly (Outcomes & { readonly person: string; readonly entitlement: string })[]
  }
}

type Tally = Record<Outcome, number> & { total: number }

interface State {
  readonly all: Tally
  readonly statuses: Map<Status, number>
  readonly people: Map<string, Tally>
  readonly entitlements: Map<string, Tally>
  readonly weeks: Map<string, Tally>
  readonly pairs: Map<string, Map<string, Tally>>
}

/** REV-04. How much was asked for, by whom, for what, when; and what is asked for again and again? */
export const volume: Lens<State, VolumeResult> = {
  name: 'volume',
  init: () => ({
    all: tally(),
    statuses: new Map(),
    people: new Map(),
    entitlements: new Map(),
    weeks: new Map(),
    pairs: new Map(),
  }),
  add(state, { request }) {
    const { requester, entitlement, askedAt, status } = request
    const outcome = outcomeOf(request)
    state.statuses.set(status, (state.statuses.get(status) ?? 0) + 1)
    const pairs = memberOf(state.pairs, requester, () => new Map<string, Tally>())
    const tallies = [
      state.all,
      memberOf(state.people, requester, tally),
      memberOf(state.entitlements, entitlement, tally),
      memberOf(state.weeks, isoWeekOf(askedAt), tally),
      memberOf(pairs, entitlement, tally),
    ]
    for (const counted of tallies) {
      counted.total += 1
      counted[outcome] += 1
    }
    return state
  },
  merge: (a, b) => ({
    all: sum(a.all, b.all),
    statuses: mergeMaps(a.statuses, b.statuses, (x, y) => x + y),
    people: mergeMaps(a.people, b.people, sum),
    entitlements: mergeMaps(a.entitlements, b.entitlements, sum),
    weeks: mergeMaps(a.weeks, b.weeks, sum),
    pairs: mergeMaps(a.pairs, b.pairs, (x, y) => mergeMaps(x, y, sum)),
  }),
  finish({ all, statuses, people, entitlements, weeks, pairs }, { period, now }) {
    const named = new Map([...isoWeeksOf(period, now).map(week => [week, tally()] as const), ...weeks])
    const repeats = [...pairs].flatMap(([person, asked]) =>
      [...asked].flatMap(([entitlement, outcomes]) =>
        outcomes.total > 1 ? [{ person, entitlement, ...outcomes }] : [],
      ),
    )
    return {
      volume: {
        requests: all,
        byStatus: [...statuses]
          .map(([status, count]) => ({ status, count }))
          .sort((a, b) => byText(a.status, b.status)),
        byPerson: [...people].map(([person, outcomes]) => ({ person, ...outcomes })).sort(mostFirst(row => row.person)),
        byEntitlement: [...entitlements]
          .map(([entitlement, outcomes]) => ({ entitlement, ...outcomes }))
          .sort(mostFirst(row => row.entitlement)),
        byWeek: [...named].map(([week, outcomes]) => ({ week, ...outcomes })).sort((a, b) => byText(a.week, b.week)),
        repeats: repeats.sort(mostFirst(row => `${row.person}\n${row.entitlement}`)),
      },
    }
  },
}

/** What became of a request. */
export function outcomeOf({ status, grant }: Request): Outcome {
  if (grant && status !== 'FAILED') return 'granted'
  if (status === 'DENIED') return 'denied'
  if (status === 'REFUSED') return 'refused'
  return status === 'UNANSWERED' ? 'unanswered' : 'other'
}

function tally(): Tally {
  return { total: 0, granted: 0, denied: 0, refused: 0, unanswered: 0, other: 0 }
}

function sum(a: Tally, b: Tally): Tally {
  a.total += b.total
  for (const outcome of OUTCOMES) a[outcome] += b[outcome]
  return a
}

function mostFirst<Row extends Outcomes>(nameOf: (row: Row) => string) {
  return (a: Row, b: Row): number => b.total - a.total || byText(nameOf(a), nameOf(b))
}
