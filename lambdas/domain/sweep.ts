import { GRANT_PATH } from './grant.ts'
import { isOver, plusSeconds } from './instant.ts'
import { type EndCause, isOpen, type Request } from './request.ts'

/** A policy under Lapse's path, as IAM lists it. */
export interface FoundPolicy {
  readonly arn: string
  /** `v1` unless somebody wrote another version. */
  readonly defaultVersionId: string
  /** Hash of the document in force. */
  readonly documentHash: string
  /** Unique ids of the users, and names of the roles and groups, that have it. */
  readonly attachedTo: readonly {
    readonly kind: 'user' | 'role' | 'group'
    readonly name: string
    readonly uniqueId: string
  }[]
}

export type Attachment = FoundPolicy['attachedTo'][number]

/** What the sweep does about one policy. */
export type PolicyVerdict =
  | { readonly verdict: 'leave' }
  /** Nobody's, or not the policy of its request: it goes, without a request to tell of it. */
  | { readonly verdict: 'remove'; readonly why: string }
  /** The grant ends now. Without a cause it is its planned end. */
  | { readonly verdict: 'end'; readonly why: string; readonly cause?: EndCause }
  /** The grant stays, but others have its policy too: inert for them by the fence, and taken away. */
  | { readonly verdict: 'detach'; readonly why: string; readonly from: readonly Attachment[] }

/** How long after its end a grant is left to the workflow. */
export const DUE_GRACE_SECONDS = 60
/** How long a request may be approved without being in force. */
export const STUCK_SECONDS = 15 * 60

/** How long IAM may take to show everybody what was done. */
const SETTLE_SECONDS = 2 * 60
const FIRST_VERSION = 'v1'

/** Judges a policy that IAM shows, together with the request of its name. IAM is the truth, the table comes second. */
export function judgePolicy(
  found: FoundPolicy,
  request: Request | undefined,
  isFrozen: boolean,
  now: Date,
): PolicyVerdict {
  if (request?.grant?.policyArn !== found.arn) return { verdict: 'remove', why: 'no grant has this policy' }
  const { status, grant, principal } = request
  if (status !== 'APPROVED' && status !== 'ACTIVE')
    return { verdict: 'end', why: `it is there though its request is ${status}` }
  if (request.endOrder) return { verdict: 'end', why: ORDERED }
  if (isFrozen) return { verdict: 'end', why: 'access is frozen', cause: 'frozen' }
  if (isOver(plusSeconds(grant.notAfter, DUE_GRACE_SECONDS), now)) return { verdict: 'end', why: 'it is due' }
  if (found.defaultVersionId !== FIRST_VERSION || found.documentHash !== grant.documentHash) {
    return { verdict: 'end', why: 'somebody changed its document', cause: 'external' }
  }
  if (status === 'APPROVED') return isStuck(request, now) ? { verdict: 'end', why: STUCK } : { verdict: 'leave' }

  const foreign = found.attachedTo.filter(({ uniqueId }) => uniqueId !== principal.uniqueId)
  if (foreign.length === found.attachedTo.length) {
    // IAM may show an attachment of this minute late; a grant that young is given time.
    const isSettled = isOver(plusSeconds(decidedAt(request), SETTLE_SECONDS), now)
    return isSettled ? { verdict: 'end', why: 'its person no longer has it', cause: 'external' } : { verdict: 'leave' }
  }
  if (foreign.length > 0) return { verdict: 'detach', why: 'others have it too', from: foreign }
  return { verdict: 'leave' }
}

/** A grant shorter than this ends without a warning: it would come right after the beginning. */
const SHORTEST_WARNED_SECONDS = 20 * 60
/** How long before the end the requester is warned at the earliest: twice the time between two sweeps, so that each grant meets one. */
const WARNED_BEFORE_SECONDS = 10 * 60

/** Whether the grant is in force, was long enough for its end to be forgotten, and is about to end by itself. */
export function isEndNear({ status, grant, endOrder }: Request, now: Date): boolean {
  if (status !== 'ACTIVE' || !grant || endOrder) return false
  const { notBefore, notAfter } = grant
  if (plusSeconds(notBefore, SHORTEST_WARNED_SECONDS) > notAfter) return false
  return isOver(plusSeconds(notAfter, -WARNED_BEFORE_SECONDS), now) && !isOver(notAfter, now)
}

/** What the sweep does about an open request without a policy in IAM. */
export type RequestVerdict =
  | { readonly verdict: 'leave' }
  /** Nobody answered in time and its execution did not say so. */
  | { readonly verdict: 'give-up'; readonly why: string }
  /** Decided, but its execution was not woken. */
  | { readonly verdict: 'wake'; readonly why: string }
  | { readonly verdict: 'end'; readonly why: string }

/** How long after the time to answer a request is left to its execution. */
const GIVE_UP_GRACE_SECONDS = 5 * 60
/** How long after the decision an execution may take to go on. */
const WAKE_AFTER_SECONDS = 60

/** Judges an open request that has no policy in IAM. */
export function judgeRequest(request: Request, now: Date): RequestVerdict {
  if (request.endOrder && isOpen(request)) return { verdict: 'end', why: ORDERED }
  if (request.status === 'ACTIVE') return { verdict: 'end', why: 'its policy is gone' }
  if (request.status === 'APPROVED') {
    if (isStuck(request, now)) return { verdict: 'end', why: STUCK }
    const isQuiet = isOver(plusSeconds(decidedAt(request), WAKE_AFTER_SECONDS), now)
    return isQuiet ? { verdict: 'wake', why: 'it is approved and nothing happens' } : { verdict: 'leave' }
  }
  const isForgotten = request.status === 'PENDING' && isOver(plusSeconds(request.answerBy, GIVE_UP_GRACE_SECONDS), now)
  return isForgotten ? { verdict: 'give-up', why: 'the time to answer is long over' } : { verdict: 'leave' }
}

/** What the sweep does about a grant whose policy is attached as it is. */
export type AsIsVerdict =
  | { readonly verdict: 'leave' }
  | { readonly verdict: 'wake'; readonly why: string }
  /** Without a cause it is its planned end. */
  | { readonly verdict: 'end'; readonly why: string; readonly cause?: EndCause }

/** Judges a grant whose policy is attached as it is, which no list of policies shows. */
export function judgeAsIs(
  request: Request,
  { isFrozen, isAttached }: { readonly isFrozen: boolean; readonly isAttached: boolean },
  now: Date,
): AsIsVerdict {
  const { status, grant, endOrder } = request
  if (!grant || (status !== 'APPROVED' && status !== 'ACTIVE')) return { verdict: 'leave' }
  if (endOrder) return { verdict: 'end', why: ORDERED }
  if (isOver(plusSeconds(grant.notAfter, DUE_GRACE_SECONDS), now)) return { verdict: 'end', why: 'it is due' }
  if (isFrozen) return { verdict: 'end', why: 'access is frozen', cause: 'frozen' }
  if (status === 'APPROVED') {
    const judged = judgeRequest(request, now)
    return judged.verdict === 'give-up' ? { verdict: 'leave' } : judged
  }
  const isSettled = isOver(plusSeconds(decidedAt(request), SETTLE_SECONDS), now)
  if (isAttached || !isSettled) return { verdict: 'leave' }
  return { verdict: 'end', why: 'its person no longer has it', cause: 'external' }
}

const STUCK = 'it was approved and never came into force'
const ORDERED = 'its end was ordered and not finished'

function isStuck(request: Request, now: Date): boolean {
  return isOver(plusSeconds(decidedAt(request), STUCK_SECONDS), now)
}

function decidedAt({ decisions, askedAt }: Request): Date {
  return decisions.at(-1)?.at ?? askedAt
}

/** The request a policy under Lapse's path is named after. */
export function requestIdOfPolicy(policyArn: string): string {
  return policyArn.slice(policyArn.lastIndexOf('/') + 1)
}

/** Whether the ARN lies under Lapse's path. */
export function isGrantPolicy(policyArn: string): boolean {
  return policyArn.includes(`:policy${GRANT_PATH}`)
}
