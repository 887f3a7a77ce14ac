import { RemovalUnprovenError, RequestMissingError } from '../domain/errors.ts'
import { isOver, wholeSeconds } from '../domain/instant.ts'
import type { Actor } from '../domain/ledger.ts'
import { end, fail, note, type Transition } from '../domain/lifecycle.ts'
import type { EndCause, Receipt, Request } from '../domain/request.ts'
import type { Message } from './ports/announcer.ts'
import type { PolicyRemover } from './ports/policies.ts'
import { ContendedRequestError, MOST_ATTEMPTS } from './record.ts'
import { type Telling, tell } from './tell.ts'

export interface EndGrantDeps extends Telling {
  readonly policies: PolicyRemover
}

/** Why, and by whom, a grant is ended. */
export interface EndOrder {
  readonly by: Actor
  /** Without a cause it is the planned end: `expired`, or `external` where nothing was left to take away. */
  readonly cause?: EndCause | undefined
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
 *   read the request → remove → read IAM back → write the end, if the request still is what was read
 *                 ↖──────────── otherwise somebody may have attached it in between: look again ─────┘
 *
 * Invariant: a receipt is written only if nothing was written to the request since before the removal it proves.
 *
 * @throws RemovalUnprovenError when IAM still shows the policy. Whoever called must call again.
 */
export async function endGrant(deps: EndGrantDeps, requestId: string, order: EndOrder): Promise<Ended> {
  let detached = 0
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
    const request = await deps.store.find(requestId)
    if (!request) throw new RequestMissingError(requestId)
    const removal = request.grant ? await remove(deps, request.grant.policyArn, detached) : undefined
    detached = removal?.detached ?? 0

    const step = nextStep(request, removal, order, wholeSeconds(deps.clock.now()))
    if (!step) return wasOver(deps, request, order)
    if ((await deps.store.commit(step)) === 'lost') continue
    const { to, event } = step
    if (event.type === 'second-look') return { outcome: 'was-over', request: to, detached }
    await tell(deps, requestId, endMessages(deps, to))
    return { outcome: 'ended', request: to }
  }
  throw new ContendedRequestError(requestId)
}

/** Takes the policy away and gives the proof: what IAM answers afterwards. */
async function remove({ policies, clock }: EndGrantDeps, policyArn: string, before: number): Promise<Receipt> {
  const { detached } = await policies.remove(policyArn)
  if (await policies.exists(policyArn)) throw new RemovalUnprovenError(policyArn, 'IAM still shows it')
  return { policyArn, verifiedAt: wholeSeconds(clock.now()), policy: 'NoSuchEntity', detached: before + detached }
}

function nextStep(request: Request, removal: Receipt | undefined, order: EndOrder, now: Date): Transition | undefined {
  const { by, cause } = order
  if (request.status === 'ACTIVE' && removal)
    return end(request, cause ?? causeOf(request, removal, order, now), removal, by)
  if (request.status === 'APPROVED' && removal && cause) return end(request, cause, removal, by)
  if (request.status === 'APPROVED' || request.status === 'PENDING') return fail(request, FAILED, now, by, removal)
  return removal && removal.detached > 0 ? secondLook(request, removal, by) : undefined
}

/** Before its time, or with nothing attached at the first look, somebody else ended it. At a second look it was us. */
function causeOf({ grant }: Request, { detached }: Receipt, { isRetry }: EndOrder, now: Date): EndCause {
  return grant && isOver(grant.notAfter, now) && (detached > 0 || isRetry) ? 'expired' : 'external'
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
  const to = access.people[request.requester]
  if (!to) return []
  if (request.status === 'ENDED') return [{ kind: 'ended', to, request }]
  return request.status === 'FAILED' ? [{ kind: 'failed', to, request, why: FAILED }] : []
}
