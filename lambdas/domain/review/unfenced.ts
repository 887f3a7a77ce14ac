import { byText, firstOf } from './grouped.ts'
import type { Lens } from './lens.ts'
import { sessionOf } from './session.ts'

const NAMED = 200

/** A grant whose policy was attached as it is. */
export interface UnfencedGrant {
  readonly requestId: string
  readonly requester: string
  readonly entitlement: string
  readonly policyArn: string
  readonly beganAt: Date
  readonly plannedEnd: Date
  /** When IAM was read back. */
  readonly verifiedAt?: Date | undefined
}

export interface UnfencedResult {
  readonly unfenced: {
    readonly count: number
    /** By request, at most 200. */
    readonly grants: readonly UnfencedGrant[]
  }
}

interface State {
  count: number
  grants: readonly UnfencedGrant[]
}

/** GRA-07. Which grants had no fence, so that only the removal ended them? */
export const unfenced: Lens<State, UnfencedResult> = {
  name: 'unfenced',
  init: () => ({ count: 0, grants: [] }),
  add(state, history) {
    const { requestId, requester, entitlement, asIs, beganAt, plannedEnd, verifiedAt } = sessionOf(history)
    if (asIs === undefined || !beganAt || !plannedEnd) return state
    const grant = { requestId, requester, entitlement, policyArn: asIs, beganAt, plannedEnd }
    const grants = [...state.grants, { ...grant, ...(verifiedAt && { verifiedAt }) }]
    return { count: state.count + 1, grants: firstOf(grants, NAMED, byRequest) }
  },
  merge: (a, b) => ({ count: a.count + b.count, grants: firstOf([...a.grants, ...b.grants], NAMED, byRequest) }),
  finish: unfencedGrants => ({ unfenced: unfencedGrants }),
}

function byRequest(a: UnfencedGrant, b: UnfencedGrant): number {
  return byText(a.requestId, b.requestId)
}
