import { asIsPolicies } from '../domain/access-file.ts'
import { wholeSeconds } from '../domain/instant.ts'
import { fail } from '../domain/lifecycle.ts'
import { isOpen, type Request } from '../domain/request.ts'
import { requestIdOfPolicy } from '../domain/sweep.ts'
import { type FreezeAccessDeps, freezeAccess } from './freeze-access.ts'
import { advance } from './record.ts'
import { sweepLeases } from './sweep-leases.ts'
import { tell } from './tell.ts'
import { type WakeDeps, wake } from './wake.ts'

export interface DrainGrantsDeps extends FreezeAccessDeps, WakeDeps {
  /** Waits between two rounds. */
  readonly pause: () => Promise<void>
}

export type Drained =
  /** `closed`: requests nobody had answered yet. */
  | { readonly outcome: 'drained'; readonly ended: number; readonly closed: number }
  /** Policies are still there, or requests that can still change: the stack must not go. */
  | { readonly outcome: 'not-drained'; readonly left: readonly string[]; readonly open: readonly string[] }

/** IAM answers within seconds, or is away for longer than a deletion should wait. */
const MOST_ROUNDS = 5
const DRAIN = 'drain'
const WHY = 'the stack is being deleted'

/**
 * Ends every grant before the stack that would end them is deleted: freezes, so that none is made meanwhile, ends all that live, fails
 * what waits for an answer, and looks until IAM shows no policy under Lapse's path and the table, which stays, no open request. What
 * is not drained keeps the stack from being deleted.
 */
export async function drainGrants(deps: DrainGrantsDeps): Promise<Drained> {
  let ended = 0
  let closed = 0
  for (let round = 1; ; round += 1) {
    const freeze = { by: DRAIN, at: wholeSeconds(deps.clock.now()), reason: WHY }
    const receipt = await freezeAccess(deps, freeze, { service: DRAIN })
    ended += receipt.ended.length
    closed += await closePending(deps)
    await removeForeign(deps)
    await sweepLeases(deps)
    const left = [...(await policiesLeft(deps)), ...(await leasesLeft(deps))]
    const open = (await openLeft(deps)).map(({ id }) => id)
    if (left.length === 0 && open.length === 0) return { outcome: 'drained', ended, closed }
    if (round === MOST_ROUNDS) return { outcome: 'not-drained', left, open }
    await deps.pause()
  }
}

/** Nobody would be left to answer, or to give these up. Those who ask are told, and the execution ends. Gives how many it closed. */
async function closePending(deps: DrainGrantsDeps): Promise<number> {
  let closed = 0
  for (const { id } of await openLeft(deps)) {
    // One that cannot be written keeps no other from being closed; it is found open after the round.
    const failed = await failPending(deps, id).catch(() => undefined)
    if (!failed) continue
    closed += 1
    await wake(deps, failed)
    const to = deps.access.people[failed.requester]
    await tell(deps, id, to ? [{ kind: 'failed', to, request: failed, why: WHY }] : []).catch(() => 0)
  }
  return closed
}

async function failPending({ store, clock }: DrainGrantsDeps, requestId: string): Promise<Request | undefined> {
  const at = wholeSeconds(clock.now())
  const failing = await advance(store, requestId, request =>
    request.status === 'PENDING' ? fail(request, WHY, at, { service: DRAIN }) : { stop: request.status },
  )
  return failing.outcome === 'written' ? failing.transition.to : undefined
}

/** A policy under Lapse's path that no grant has would keep the stack for ever: nobody would be left to remove it. */
async function removeForeign(deps: DrainGrantsDeps): Promise<void> {
  for (const arn of await policiesLeft(deps)) {
    const request = await deps.store.find(requestIdOfPolicy(arn))
    if (request?.grant?.policyArn !== arn) await deps.policies.remove(arn)
  }
}

async function policiesLeft({ inventory }: DrainGrantsDeps): Promise<readonly string[]> {
  const left: string[] = []
  for await (const arn of inventory.grantPolicies()) left.push(arn)
  return left
}

/** A lease that is not free may still have a policy attached, or see one arrive. */
async function leasesLeft({ access, leases }: DrainGrantsDeps): Promise<readonly string[]> {
  const left: string[] = []
  if (asIsPolicies(access).length === 0) return left
  for await (const { policyArn, principalArn } of leases.unsettled()) left.push(`${policyArn} at ${principalArn}`)
  return left
}

/** By the requests themselves: the index that lists them may still show what has just been closed. */
async function openLeft({ open, store }: DrainGrantsDeps): Promise<readonly Request[]> {
  const left: Request[] = []
  for await (const requestId of open.openRequests()) {
    const request = await store.find(requestId)
    if (request && isOpen(request)) left.push(request)
  }
  return left
}
