import { RemovalUnprovenError, RequestMissingError } from '../domain/errors.ts'
import { isOver, wholeSeconds } from '../domain/instant.ts'
import type { Actor } from '../domain/ledger.ts'
import { end, fail, note, type Transition } from '../domain/lifecycle.ts'
import type { EndCause, Receipt, Request } from '../domain/request.ts'
import type { PolicyRemover } from './ports/policies.ts'
import { advance } from './record.ts'
import { type Telling, tell } from './tell.ts'

export interface EndGrantDeps extends Telling {
  readonly policies: PolicyRemover
}

export type Ended =
  /** The request is over, with or without a policy to take away. */
  | { readonly outcome: 'ended'; readonly request: Request }
  /** It was over before; this look found nothing left, or took away what had come back. */
  | { readonly outcome: 'was-over'; readonly request: Request; readonly detached: number }

const FAILED = 'the grant could not be put in force'
const REVOKER: Actor = { service: 'revoker' }

/**
 * Ends a grant: takes the policy away, reads IAM back, and only then says ENDED. Everything here can be done again, by anybody,
 * at any time: what is gone is success, and a grant that is over gets a second look.
 *
 * @throws RemovalUnprovenError when IAM still shows the policy. Whoever called must call again.
 */
export async function endGrant(deps: EndGrantDeps, requestId: string): Promise<Ended> {
  const { store, clock } = deps
  const found = await store.find(requestId)
  if (!found) throw new RequestMissingError(requestId)
  const removal = found.grant ? await remove(deps, found.grant.policyArn) : undefined

  const ended = await advance(store, requestId, request => {
    if (request.status === 'ACTIVE' && removal)
      return end(request, causeOf(request, removal, clock.now()), removal, REVOKER)
    if (request.status === 'APPROVED' || request.status === 'PENDING') {
      return fail(request, FAILED, wholeSeconds(clock.now()), REVOKER, removal)
    }
    return removal && removal.detached > 0 ? secondLook(request, removal) : { stop: 'was-over' }
  })
  if (ended.outcome === 'stopped') return { outcome: 'was-over', request: ended.request, detached: 0 }
  const { to: request, event } = ended.transition
  if (event.type === 'second-look') return { outcome: 'was-over', request, detached: removal?.detached ?? 0 }

  const requester = deps.access.people[request.requester]
  if (requester) {
    const about = { to: requester, request }
    await tell(deps, requestId, [
      request.status === 'ENDED' ? { ...about, kind: 'ended' } : { ...about, kind: 'failed', why: FAILED },
    ])
  }
  return { outcome: 'ended', request }
}

/** Takes the policy away and gives the proof: what IAM answers afterwards. */
async function remove(
  { policies, clock }: EndGrantDeps,
  policyArn: string,
): Promise<Receipt & { readonly found: boolean }> {
  const { found, detached } = await policies.remove(policyArn)
  if (await policies.exists(policyArn)) throw new RemovalUnprovenError(policyArn, 'IAM still shows it')
  return { policyArn, verifiedAt: wholeSeconds(clock.now()), policy: 'NoSuchEntity', detached, found }
}

/** Before its time, or with nothing left to detach, somebody else ended it. */
function causeOf({ grant }: Request, { detached }: Receipt, now: Date): EndCause {
  return grant && isOver(grant.notAfter, now) && detached > 0 ? 'expired' : 'external'
}

function secondLook(request: Request, { policyArn, verifiedAt, detached }: Receipt): Transition {
  const details = { policyArn, detached, why: 'attached again after its end' }
  return note(request, { type: 'second-look', at: verifiedAt, actor: REVOKER, details })
}
