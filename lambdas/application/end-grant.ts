import { peopleOf } from '../domain/access-file.ts'
import type { Actor } from '../domain/actor.ts'
import { RemovalUnprovenError, RequestMissingError } from '../domain/errors.ts'
import { isOver, wholeSeconds } from '../domain/instant.ts'
import type { AsIs } from '../domain/lease.ts'
import { end, fail, note, orderEnd, type Transition } from '../domain/lifecycle.ts'
import type { EndCause, Receipt, Request } from '../domain/request.ts'
import { type GiveBackDeps, giveBackLease, type Hold } from './give-back-lease.ts'
import type { Message } from './ports/announcer.ts'
import type { PolicyRemover } from './ports/policies.ts'
import { ContendedRequestError, MOST_ATTEMPTS } from './record.ts'
import { type Telling, tell, toRequester } from './tell.ts'

export interface EndGrantDeps extends Telling, GiveBackDeps {
  readonly policies: PolicyRemover
}

/** Why, and by whom, a grant is ended. */
export interface EndOrder {
  readonly by: Actor
  /** Without a cause it is the planned end: `expired`, or `external` where nothing was left to take away. */
  readonly cause?: EndCause | undefined
  /** Of who orders it, in their words. It stands in the event. */
  readonly reason?: string | undefined
  /** Whether Lapse may have taken the policy away before, and only the answer was lost: then nothing left is no sign of others. */
  readonly isRetry: boolean
}

export type Ended =
  /** The request is over, with or without a policy to take away. */
  | { readonly outcome: 'ended'; readonly request: Request }
  /** It was over before; this look found nothing left, or took away what had come back. */
  | { readonly outcome: 'was-over'; readonly request: Request; readonly detached: number }

const FAILED = 'the grant could not be put in force'

/**
 * Ends a grant: takes the policy away, reads IAM back, and only then says ENDED. The one way a grant ends, for the workflow at its
 * time, for people who end it early, and for the sweep. Everything here can be done again, by anybody, at any time: what is gone is
 * success, and a grant that is over gets a second look.
 *
 *   read the request → (an early end is ordered in writing) → remove → read IAM back → write the end, if the request still is what was read
 *                 ↖──────────────────────────── otherwise somebody may have attached it in between: look again ─────┘
 *
 * Invariant: a receipt is written only if nothing was written to the request since before the removal it proves.
 *
 * @throws RemovalUnprovenError when IAM still shows the policy. Whoever called must call again.
 */
export async function endGrant(deps: EndGrantDeps, requestId: string, order: EndOrder): Promise<Ended> {
  let detachedBefore = 0
  let { isRetry } = order
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
    const request = await deps.store.find(requestId)
    if (!request) throw new RequestMissingError(requestId)
    const ordering = orderFirst(request, order, wholeSeconds(deps.clock.now()))
    if (ordering) {
      // Whoever attaches sees the order from now on; what was attached before is removed in the next round.
      await deps.store.commit(ordering)
      continue
    }
    const { removal, hadFailure } = await removed(deps, request)
    isRetry ||= hadFailure
    const step = nextStep(request, removal, detachedBefore, { ...order, isRetry }, wholeSeconds(deps.clock.now()))
    detachedBefore += removal?.detached ?? 0
    if (!step) return wasOver(deps, request, order)
    if ((await deps.store.commit(step)) === 'lost') continue
    const { to, event } = step
    if (event.type === 'second-look') return { outcome: 'was-over', request: to, detached: removal?.detached ?? 0 }
    await tell(deps, requestId, endMessages(deps, to))
    // Who had begun to issue or attach before the order was written may have finished since: one more look, at once.
    if (request.status === 'APPROVED' && (await isThere(deps, request))) {
      await endGrant(deps, requestId, { by: order.by, isRetry: false })
    }
    return { outcome: 'ended', request: to }
  }
  throw new ContendedRequestError(requestId)
}

interface Removed {
  readonly removal?: Receipt
  /** Whether a try broke off: what it had taken away is not counted, so nothing left is no sign of others. */
  readonly hadFailure: boolean
}

/** Tries at a removal: others may attach at the same time, and one call of IAM may fail. */
const MOST_REMOVALS = 3

/** Takes the policy away, if there is a grant, and gives the proof: what IAM answers afterwards. */
async function removed(deps: EndGrantDeps, request: Request): Promise<Removed> {
  const { policies, clock } = deps
  const { grant, asIs } = request
  if (!grant) return { hadFailure: false }
  const { policyArn } = grant
  let detached = 0
  let failure: unknown
  for (let round = 1; round <= MOST_REMOVALS; round += 1) {
    try {
      if (asIs) return { removal: await giveBackLease(deps, holdOf(request, asIs)), hadFailure: failure !== undefined }
      detached += (await policies.remove(policyArn)).detached
      if (!(await policies.exists(policyArn))) {
        const removal = { policyArn, verifiedAt: wholeSeconds(clock.now()), policy: 'NoSuchEntity', detached } as const
        return { removal, hadFailure: failure !== undefined }
      }
    } catch (error) {
      failure = error
    }
  }
  throw failure ?? new RemovalUnprovenError(policyArn, 'IAM still shows it')
}

/** Whether the policy is there, or of one that is attached as it is, whether the grant holds it. */
async function isThere({ policies, leases }: EndGrantDeps, { id, grant, asIs, principal }: Request): Promise<boolean> {
  if (asIs) return (await leases.find(principal.arn, asIs.policyArn))?.holders.includes(id) ?? false
  return grant !== undefined && policies.exists(grant.policyArn)
}

function holdOf({ id, principal }: Request, { policyArn }: AsIs): Hold {
  return { requestId: id, principalArn: principal.arn, policyArn }
}

function orderFirst(request: Request, { by, cause, reason }: EndOrder, at: Date): Transition | undefined {
  const isEndable = request.status === 'ACTIVE' || request.status === 'APPROVED'
  return cause && isEndable && !request.endOrder ? orderEnd(request, cause, by, at, reason) : undefined
}

function nextStep(
  request: Request,
  removal: Receipt | undefined,
  detachedBefore: number,
  order: EndOrder,
  now: Date,
): Transition | undefined {
  const { status, endOrder } = request
  if (status === 'APPROVED' || status === 'ACTIVE') {
    const receipt = removal && { ...removal, detached: removal.detached + detachedBefore }
    if (receipt && endOrder) return end(request, endOrder.cause, receipt, endOrder.by)
    if (receipt && status === 'ACTIVE') return end(request, causeOf(request, receipt, order, now), receipt, order.by)
    return fail(request, FAILED, now, order.by, receipt)
  }
  if (status === 'PENDING') return fail(request, FAILED, now, order.by, removal)
  // What was taken away before the request was over is no sign that anything came back.
  return removal && removal.detached > 0 ? secondLook(request, removal, order.by) : undefined
}

/** Before its time, or with nothing attached at the first look, somebody else ended it. At a second look it was us. What others hold stays. */
function causeOf({ grant }: Request, { detached, policy }: Receipt, { isRetry }: EndOrder, now: Date): EndCause {
  const wasThere = detached > 0 || policy === 'HeldByOthers'
  return grant && isOver(grant.notAfter, now) && (wasThere || isRetry) ? 'expired' : 'external'
}

async function wasOver(deps: EndGrantDeps, request: Request, { isRetry }: EndOrder): Promise<Ended> {
  // The answer to the step before may have been lost together with the mail; told twice is better than never.
  if (isRetry) await tell(deps, request.id, endMessages(deps, request))
  return { outcome: 'was-over', request, detached: 0 }
}

function secondLook(request: Request, { policyArn, verifiedAt, detached }: Receipt, actor: Actor): Transition {
  const details = { policyArn, detached, why: 'attached again after its end' }
  return note(request, { type: 'second-look', at: verifiedAt, actor, details })
}

function endMessages({ access }: EndGrantDeps, request: Request): readonly Message[] {
  if (request.status === 'ENDED') return toRequester(access, request, 'ended')
  if (request.status !== 'FAILED') return []
  const to = access.people[request.requester]
  const admins = peopleOf(access, access.admins).map((admin): Message => {
    return { kind: 'failed-to-admin', to: admin, request, why: FAILED }
  })
  return to ? [...admins, { kind: 'failed', to, request, why: FAILED }] : admins
}
