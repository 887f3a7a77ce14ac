import { isOver, plusSeconds, wholeSeconds } from './instant.ts'

/** An AWS-managed policy that a grant attaches as it is, without a fence. */
export interface AsIs {
  readonly policyArn: string
  /** Hash of the document that was reviewed. */
  readonly documentHash: string
}

/**
 * Who has an AWS-managed policy at one IAM user: one row for both, with a version.
 *
 *   held:     somebody holds it. An attachment that is there is Lapse's.
 *   leaving:  nobody holds it, and what may still be attached is Lapse's, to be taken away.
 *   free:     IAM was read back without it when no attach could still arrive. An attachment from then on is somebody else's.
 */
export interface Lease {
  readonly principalArn: string
  readonly policyArn: string
  /** Request ids. */
  readonly holders: readonly string[]
  readonly isFree: boolean
  /** Until then an attach that was begun may still reach IAM. */
  readonly attachingUntil: Date
  /** Until then a detach that was begun may still reach IAM, so that nobody new may hold it. */
  readonly detachingUntil?: Date | undefined
  readonly version: number
}

/** Longer than whoever attaches may run: IAM has no conditional calls, so a call that was sent late may come after a removal. */
export const LATE_ATTACH_SECONDS = 2 * 60
/** Longer than whoever detaches may run: the drain may for ten minutes. */
export const LATE_DETACH_SECONDS = 11 * 60

export type Taking =
  /** To be written, and then the policy attached. */
  | { readonly outcome: 'taken'; readonly lease: Lease }
  /** A removal is not over. Worth another try. */
  | { readonly outcome: 'busy' }
  /** Somebody else attached it: it is not Lapse's to take away later. */
  | { readonly outcome: 'standing' }

/** `isAttached`: whether IAM shows the policy at the user, read after the lease. */
export function take(
  found: Lease | undefined,
  { requestId, principalArn, policyArn }: { requestId: string; principalArn: string; policyArn: string },
  isAttached: boolean,
  now: Date,
): Taking {
  const { holders = [], isFree = true, version = 0 } = found ?? {}
  if (isBeingDetached(found, now)) return { outcome: 'busy' }
  if (holders.length === 0 && isAttached) return { outcome: isFree ? 'standing' : 'busy' }
  const lease = {
    principalArn,
    policyArn,
    holders: [...new Set([...holders, requestId])],
    isFree: false,
    attachingUntil: latest(found?.attachingUntil, plusSeconds(wholeSeconds(now), LATE_ATTACH_SECONDS)),
    version: version + 1,
  }
  return { outcome: 'taken', lease }
}

export type GivingBack =
  /** Nothing that may be there is Lapse's. */
  | { readonly outcome: 'not-ours' }
  /** Others hold it: it stays. With a lease, that is to be written first. */
  | { readonly outcome: 'held-by-others'; readonly lease?: Lease }
  /** To be written, and then the policy detached. `wasAlone`: no other removal was under way. */
  | { readonly outcome: 'leaving'; readonly lease: Lease; readonly wasAlone: boolean }

/** Invariant: the last to give it back detaches; whoever comes after finishes what broke off. */
export function giveBack(found: Lease | undefined, requestId: string, now: Date): GivingBack {
  if (!found || found.isFree) return { outcome: 'not-ours' }
  const holders = found.holders.filter(holder => holder !== requestId)
  const version = found.version + 1
  if (holders.length > 0) {
    if (holders.length === found.holders.length) return { outcome: 'held-by-others' }
    return { outcome: 'held-by-others', lease: { ...found, holders, version } }
  }
  const detachingUntil = latest(found.detachingUntil, plusSeconds(wholeSeconds(now), LATE_DETACH_SECONDS))
  const wasAlone = !isBeingDetached(found, now)
  return { outcome: 'leaving', lease: { ...found, holders, detachingUntil, version }, wasAlone }
}

/** After IAM was read back without the policy. Where two removed at once, neither knows when the other's last call arrives. */
export function leftBehind(leaving: Lease, wasAlone: boolean, now: Date): Lease {
  const { detachingUntil, ...lease } = leaving
  return {
    ...lease,
    isFree: isOver(lease.attachingUntil, now),
    ...(!wasAlone && { detachingUntil }),
    version: leaving.version + 1,
  }
}

function isBeingDetached(lease: Lease | undefined, now: Date): boolean {
  return lease?.detachingUntil !== undefined && !isOver(lease.detachingUntil, now)
}

function latest(a: Date | undefined, b: Date): Date {
  return a && a > b ? a : b
}
