import { isOver } from '../instant.ts'
import {
  addValue,
  binned,
  type Distribution,
  mergeDistributions,
  minutesOf,
  type Spread,
  spreadOf,
} from './distribution.ts'
import { byText, firstOf } from './grouped.ts'
import type { Lens } from './lens.ts'
import { secondsBetween, sessionOf } from './session.ts'

/** A removal proven later than this after its planned end is named. The sweep's round is 5 minutes, IAM usually answers in two seconds. */
export const LATE_SECONDS = 60

/** Upper bounds, in seconds, of how late a removal was proven. */
export const LATENESS_BINS = [0, 5, 60, 300, 3600] as const

const NAMED_LATE = 200

export interface LateRemoval {
  readonly requestId: string
  readonly requester: string
  readonly entitlement: string
  readonly plannedEnd: Date
  readonly verifiedAt: Date
  readonly latenessSeconds: number
}

export interface OpenGrant {
  readonly requestId: string
  readonly requester: string
  readonly entitlement: string
  readonly plannedEnd: Date
}

export interface TimeLimitsResult {
  readonly timeLimits: {
    /** Grants fixed by an approval, failed ones too. */
    readonly grants: number
    /** Grants whose removal was read back from IAM. */
    readonly proven: number
    /** Grants that never came into force and left nothing to remove. */
    readonly neverAttached: number
    /** Grants whose planned end has not come yet. */
    readonly running: number
    /** Invariant of the house: empty. Grants past their planned end without proof of removal. */
    readonly lingering: readonly OpenGrant[]
    /** Seconds from the planned end to the proof. */
    readonly lateness?: Spread | undefined
    readonly latenessHistogram: readonly { readonly upToSeconds?: number | undefined; readonly count: number }[]
    readonly lateCount: number
    /** The latest first, at most 200. */
    readonly late: readonly LateRemoval[]
    /** Access held by everybody together, up to the review for those that run. */
    readonly heldMinutes: number
  }
}

interface HeldGrant extends OpenGrant {
  readonly beganAt?: Date | undefined
  readonly asIs?: string | undefined
}

interface State {
  grants: number
  proven: number
  neverAttached: number
  heldSeconds: number
  readonly lateness: Distribution
  lateCount: number
  late: LateRemoval[]
  /** Without a receipt; whether one lingers only the time of the review can say. */
  open: HeldGrant[]
}

/** REV-08. Did every access end when it should, and is that proven? */
export const timeLimits: Lens<State, TimeLimitsResult> = {
  name: 'timeLimits',
  init: () => ({
    grants: 0,
    proven: 0,
    neverAttached: 0,
    heldSeconds: 0,
    lateness: new Map(),
    lateCount: 0,
    late: [],
    open: [],
  }),
  add(state, history) {
    const { requestId, requester, entitlement, status, plannedEnd, verifiedAt, beganAt, asIs, ...session } =
      sessionOf(history)
    if (!plannedEnd) return state
    const about = { requestId, requester, entitlement, plannedEnd }
    state.grants += 1
    if (!verifiedAt) {
      if (status === 'FAILED') state.neverAttached += 1
      else state.open.push({ ...about, ...(beganAt && { beganAt }), ...(asIs !== undefined && { asIs }) })
      return state
    }
    const { latenessSeconds = 0, heldSeconds = 0 } = session
    state.proven += 1
    state.heldSeconds += heldSeconds
    addValue(state.lateness, latenessSeconds)
    if (latenessSeconds > LATE_SECONDS) {
      state.lateCount += 1
      state.late.push({ ...about, verifiedAt, latenessSeconds })
      if (state.late.length >= 2 * NAMED_LATE) state.late = firstOf(state.late, NAMED_LATE, latestFirst)
    }
    return state
  },
  merge: (a, b) => ({
    grants: a.grants + b.grants,
    proven: a.proven + b.proven,
    neverAttached: a.neverAttached + b.neverAttached,
    heldSeconds: a.heldSeconds + b.heldSeconds,
    lateness: mergeDistributions(a.lateness, b.lateness),
    lateCount: a.lateCount + b.lateCount,
    late: firstOf([...a.late, ...b.late], NAMED_LATE, latestFirst),
    open: [...a.open, ...b.open],
  }),
  finish({ open, heldSeconds, lateness, late, ...counts }, { now }) {
    const lingering = open.filter(({ plannedEnd }) => isOver(plannedEnd, now))
    const stillHeld = open.reduce((sum, grant) => sum + heldSoFar(grant, now), 0)
    const bins = binned(lateness, LATENESS_BINS)
    return {
      timeLimits: {
        ...counts,
        running: open.length - lingering.length,
        lingering: lingering
          .map(({ requestId, requester, entitlement, plannedEnd }) => ({
            requestId,
            requester,
            entitlement,
            plannedEnd,
          }))
          .sort((a, b) => byText(a.requestId, b.requestId)),
        lateness: spreadOf(lateness),
        latenessHistogram: bins.map((count, index) => {
          const upToSeconds = LATENESS_BINS[index]
          return { ...(upToSeconds !== undefined && { upToSeconds }), count }
        }),
        late: firstOf(late, NAMED_LATE, latestFirst),
        heldMinutes: minutesOf(heldSeconds + stillHeld),
      },
    }
  },
}

/** A fence ends the access at the planned end, removed or not. */
function heldSoFar({ beganAt, plannedEnd, asIs }: HeldGrant, now: Date): number {
  const isFencedOff = asIs === undefined && isOver(plannedEnd, now)
  return beganAt ? Math.max(0, secondsBetween(beganAt, isFencedOff ? plannedEnd : now)) : 0
}

function latestFirst(a: LateRemoval, b: LateRemoval): number {
  return b.latenessSeconds - a.latenessSeconds || byText(a.requestId, b.requestId)
}
