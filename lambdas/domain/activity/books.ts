import { isOver, plusSeconds } from '../instant.ts'
import type { AsIs } from '../lease.ts'
import type { Grant, Receipt, Request } from '../request.ts'

/** A request whose access is over and whose books are still to be closed. */
export interface Owing {
  readonly grant: Grant
  readonly receipt: Receipt
  /** Without a fence. */
  readonly asIs?: AsIs | undefined
}

/**
 * What CloudTrail has after this is nearly all: it delivers within about five minutes on average, and promises nothing.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html
 */
const FIRST_LOOK_SECONDS = 20 * 60
const LAST_LOOK_SECONDS = 2 * 3600
/** How long after the end is looked at. What is younger at the last look may not have arrived. */
const WATCHED_SECONDS = LAST_LOOK_SECONDS - FIRST_LOOK_SECONDS
/** How long before the start is looked at, and how far back from there for what the person did anyway. */
const LEAD_SECONDS = 15 * 60
const BASELINE_SECONDS = 24 * 3600
/** IAM takes some seconds to forget a policy that was detached; the fence needs none. */
const FORGETTING_SECONDS = 60
/** LookupEvents goes back this far. */
const KEPT_SECONDS = 90 * 86_400

export interface Span {
  readonly from: Date
  /** Not in it. */
  readonly until: Date
}

/** What the books of a request are about; undefined when there was no access, it is not over, or they are closed. */
export function owing({ grant, ending, books, asIs }: Request): Owing | undefined {
  return grant && ending && !books ? { grant, receipt: ending.receipt, asIs } : undefined
}

/**
 *   access is over … 20 min … first look: provisional … 2 h … last look: final
 *
 * @returns the look that is due, given the state of what is kept.
 */
export function lookDue(
  { receipt }: Owing,
  kept: 'provisional' | 'final' | undefined,
  now: Date,
): 'provisional' | 'final' | undefined {
  if (isOver(plusSeconds(receipt.verifiedAt, LAST_LOOK_SECONDS), now)) return 'final'
  const isFirst = kept === undefined && isOver(plusSeconds(receipt.verifiedAt, FIRST_LOOK_SECONDS), now)
  return isFirst ? 'provisional' : undefined
}

/**
 * When the grant could be used. One that was taken away before its end could be a minute longer, until IAM has forgotten it, and so
 * could one without a fence after its end.
 */
export function windowOf({ grant: { notBefore, notAfter }, receipt: { verifiedAt }, asIs }: Owing): Span {
  const forgotten = (at: Date) => plusSeconds(at, FORGETTING_SECONDS)
  return { from: notBefore, until: earlier(asIs ? forgotten(notAfter) : notAfter, forgotten(verifiedAt)) }
}

/** What is looked at: the window with some time before and after it. */
export function lookSpan({ grant, receipt }: Owing, now: Date): Span {
  const from = plusSeconds(earlier(grant.notBefore, receipt.verifiedAt), -LEAD_SECONDS)
  return { from, until: earlier(now, plusSeconds(receipt.verifiedAt, WATCHED_SECONDS)) }
}

/** The day before what is looked at. */
export function baselineSpan({ from }: Span): Span {
  return { from: plusSeconds(from, -BASELINE_SECONDS), until: from }
}

/** Whether CloudTrail has forgotten some of it. */
export function isForgotten({ from }: Span, now: Date): boolean {
  return isOver(plusSeconds(from, KEPT_SECONDS), now)
}

export function isInSpan({ from, until }: Span, at: Date): boolean {
  return isOver(from, at) && !isOver(until, at)
}

function earlier(one: Date, other: Date): Date {
  return one < other ? one : other
}
