import { addValue, binned, type Distribution, mergeDistributions, type Spread, spreadOf } from './distribution.ts'
import { byText, memberOf, mergeMaps } from './grouped.ts'
import type { Lens } from './lens.ts'
import { sessionOf } from './session.ts'

/** Upper bounds of the histogram's bins, in minutes; one more bin holds what is longer. */
export const DURATION_BINS = [15, 30, 60, 120, 240, 480] as const

/** Minutes. Absent where there was nothing to measure. */
export interface Durations {
  /** Of every request the rules let in. */
  readonly requested?: Spread | undefined
  /** From the start to the planned end of every grant. */
  readonly granted?: Spread | undefined
  /** From the first to the last moment of access of every grant that is over. */
  readonly held?: Spread | undefined
}

export interface DurationsResult {
  readonly durations: Durations & {
    readonly byEntitlement: readonly (Durations & { readonly entitlement: string })[]
    readonly histogram: readonly {
      /** Absent in the last bin, which has no bound. */
      readonly upToMinutes?: number | undefined
      readonly requested: number
      readonly granted: number
    }[]
  }
}

/** Seconds. */
interface Measured {
  readonly requested: Distribution
  readonly granted: Distribution
  readonly held: Distribution
}

interface State {
  readonly all: Measured
  readonly entitlements: Map<string, Measured>
}

/** REV-05. How long was asked for, how long was given, and how long was it held: is the maximum right? */
export const durations: Lens<State, DurationsResult> = {
  name: 'durations',
  init: () => ({ all: measured(), entitlements: new Map() }),
  add(state, history) {
    if (history.request.status === 'REFUSED') return state
    const { entitlement, requestedSeconds, grantedSeconds, heldSeconds, beganAt } = sessionOf(history)
    for (const into of [state.all, memberOf(state.entitlements, entitlement, measured)]) {
      addValue(into.requested, requestedSeconds)
      if (grantedSeconds !== undefined) addValue(into.granted, grantedSeconds)
      if (heldSeconds !== undefined && beganAt) addValue(into.held, heldSeconds)
    }
    return state
  },
  merge: (a, b) => ({ all: merged(a.all, b.all), entitlements: mergeMaps(a.entitlements, b.entitlements, merged) }),
  finish({ all, entitlements }) {
    const bounds = DURATION_BINS.map(minutes => minutes * 60)
    const granted = binned(all.granted, bounds)
    const histogram = binned(all.requested, bounds).map((requested, index) => {
      const upToMinutes = DURATION_BINS[index]
      return { ...(upToMinutes !== undefined && { upToMinutes }), requested, granted: granted[index] ?? 0 }
    })
    const byEntitlement = [...entitlements]
      .map(([entitlement, of]) => ({ entitlement, ...inMinutes(of) }))
      .sort((a, b) => byText(a.entitlement, b.entitlement))
    return { durations: { ...inMinutes(all), byEntitlement, histogram } }
  },
}

function measured(): Measured {
  return { requested: new Map(), granted: new Map(), held: new Map() }
}

function merged(a: Measured, b: Measured): Measured {
  mergeDistributions(a.requested, b.requested)
  mergeDistributions(a.granted, b.granted)
  mergeDistributions(a.held, b.held)
  return a
}

function inMinutes({ requested, granted, held }: Measured): Durations {
  return { requested: spreadOf(requested, 60), granted: spreadOf(granted, 60), held: spreadOf(held, 60) }
}
