import { endInPath } from '../domain/grant.ts'
import { isOver, wholeSeconds } from '../domain/instant.ts'
import type { AsIs } from '../domain/lease.ts'
import { giveUp, note } from '../domain/lifecycle.ts'
import type { Request } from '../domain/request.ts'
import { isEndNear, judgePolicy, judgeRequest, requestIdOfPolicy } from '../domain/sweep.ts'
import { announceEnd } from './announce-end.ts'
import { eachOf } from './each-of.ts'
import { type EndGrantDeps, endGrant } from './end-grant.ts'
import type { FreezeStore } from './ports/freeze-store.ts'
import type { Metrics } from './ports/metrics.ts'
import type { PolicyInventory } from './ports/policies.ts'
import type { OpenRequests } from './ports/request-store.ts'
import { advance } from './record.ts'
import { judgedAsIs } from './sweep-as-is.ts'
import { sweepLeases } from './sweep-leases.ts'
import { tell, toRequester } from './tell.ts'
import { type WakeDeps, wake } from './wake.ts'

export interface SweepDeps extends EndGrantDeps, WakeDeps {
  readonly freezes: FreezeStore
  readonly inventory: PolicyInventory
  readonly open: OpenRequests
  readonly metrics: Metrics
}

/** One thing the sweep did, or could not do. */
export interface Deed {
  readonly what: 'ended' | 'removed' | 'detached' | 'gave-up' | 'woke' | 'failed'
  readonly of: string
  readonly why: string
  readonly error?: unknown
}

const SWEEP = { service: 'sweep' }
/** After this a grant that is still there is an alarm: the workflow and two sweeps have not closed it. */
const OVERDUE_SECONDS = 15 * 60

/**
 * The closer outside the workflow. IAM is its truth: it looks at every policy under Lapse's path, then at the open requests that have
 * none, and closes what is due, stuck, orphaned or changed by others. What fails is reported and tried again at the next sweep;
 * one failure never keeps the rest from being looked at. Two sweeps at once do no harm, and a second one finds nothing to do.
 */
export async function sweep(deps: SweepDeps): Promise<readonly Deed[]> {
  const deeds: Deed[] = []
  const inIam = new Set<string>()
  let live = 0
  let overdue = 0
  let longestOverdueSeconds = 0
  const meets = (end: Date | undefined): void => {
    const overdueSeconds = secondsOverdue(end, deps.clock.now())
    live += 1
    if (overdueSeconds >= OVERDUE_SECONDS) overdue += 1
    longestOverdueSeconds = Math.max(longestOverdueSeconds, overdueSeconds)
  }
  const report = async (of: string, work: () => Promise<Deed | undefined>): Promise<void> => {
    const deed = await reported(of, work)
    if (deed) deeds.push(deed)
  }
  await report('the policies of IAM', async () => {
    const isFrozen = (await deps.freezes.current()) !== undefined
    await eachOf(deps.inventory.grantPolicies(), async arn => {
      inIam.add(requestIdOfPolicy(arn))
      meets(endInPath(arn))
      await report(arn, () => sweepPolicy(deps, arn, isFrozen))
    })
    return undefined
  })
  const looked = new Set(inIam)
  const look = async (requestId: string): Promise<void> => {
    if (looked.has(requestId)) return
    looked.add(requestId)
    await report(requestId, () => sweepRequest(deps, requestId, meets))
  }
  await report('the open requests', async () => {
    await eachOf(deps.open.openRequests(), look)
    return undefined
  })
  await report('the leases', async () => {
    const living: string[] = []
    for (const { of, error } of await sweepLeases(deps, requestId => living.push(requestId))) {
      deeds.push(error === undefined ? { what: 'removed', of, why: 'no grant holds it' } : failure(of, error))
    }
    for (const requestId of living) await look(requestId)
    return undefined
  })
  await report('the metrics', async () => {
    await deps.metrics.count({
      SweepHeartbeat: 1,
      SweepClosed: countOf(deeds, 'ended', 'gave-up'),
      SweepForeign: countOf(deeds, 'removed', 'detached'),
      SweepFailures: countOf(deeds, 'failed'),
      GrantsLive: live,
      GrantsOverdue: overdue,
      LongestOverdueSeconds: longestOverdueSeconds,
    })
    return undefined
  })
  return deeds
}

/** How long the end in the policy's own path is past, for the alarms on removals that keep failing; 0 before it. */
function secondsOverdue(end: Date | undefined, now: Date): number {
  return end && isOver(end, now) ? Math.floor((now.getTime() - end.getTime()) / 1000) : 0
}

async function reported(of: string, work: () => Promise<Deed | undefined>): Promise<Deed | undefined> {
  try {
    return await work()
  } catch (error) {
    return failure(of, error)
  }
}

function failure(of: string, error: unknown): Deed {
  return { what: 'failed', of, why: error instanceof Error ? error.name : 'unknown', error }
}

/** The request is read before IAM is looked at: what IAM shows then is not older than what the request says. */
async function sweepPolicy(deps: SweepDeps, arn: string, isFrozen: boolean): Promise<Deed | undefined> {
  const requestId = requestIdOfPolicy(arn)
  const request = await deps.store.find(requestId)
  const found = await deps.inventory.look(arn)
  if (!found) return undefined
  const now = deps.clock.now()
  const judged = judgePolicy(found, request, isFrozen, now)
  if (judged.verdict === 'leave') {
    if (request && isEndNear(request, now)) await announceEnd(deps, requestId)
    return undefined
  }
  const { why } = judged
  if (judged.verdict === 'remove') {
    await deps.policies.remove(arn)
    return { what: 'removed', of: arn, why }
  }
  if (judged.verdict === 'detach') {
    // Written first: an event that says what is taken away is not lost when the taking breaks off.
    const details = { policyArn: arn, from: judged.from.map(({ kind, name }) => `${kind}/${name}`) }
    const at = wholeSeconds(deps.clock.now())
    await advance(deps.store, requestId, current => note(current, { type: 'drift-removed', at, actor: SWEEP, details }))
    for (const holder of judged.from) await deps.inventory.detach(arn, holder)
    return { what: 'detached', of: requestId, why }
  }
  await endGrant(deps, requestId, { by: SWEEP, cause: judged.cause, isRetry: true })
  return { what: 'ended', of: requestId, why }
}

async function sweepRequest(deps: SweepDeps, requestId: string, meets: (end: Date) => void): Promise<Deed | undefined> {
  const request = await deps.store.find(requestId)
  if (!request) return undefined
  const now = wholeSeconds(deps.clock.now())
  if (request.asIs && request.grant) {
    meets(request.grant.notAfter)
    return sweepAsIs(deps, request, request.asIs, now)
  }
  const judged = judgeRequest(request, now)
  if (judged.verdict === 'leave') return undefined
  const { why } = judged
  if (judged.verdict === 'wake') return woken(deps, request, why)
  if (judged.verdict === 'give-up') {
    const given = await advance(deps.store, request.id, current =>
      current.status === 'PENDING' ? giveUp(current, now) : { stop: 'answered' },
    )
    if (given.outcome === 'stopped') return undefined
    await tell(deps, request.id, toRequester(deps.access, given.transition.to, 'unanswered'))
    return { what: 'gave-up', of: request.id, why }
  }
  // IAM was listed before the table: what was made in between is no sign of anything.
  if (request.status === 'ACTIVE' && request.grant && (await deps.policies.exists(request.grant.policyArn)))
    return undefined
  const isRetry = request.grant !== undefined && isOver(request.grant.notAfter, now)
  await endGrant(deps, request.id, { by: SWEEP, isRetry })
  return { what: 'ended', of: request.id, why }
}

async function woken(deps: SweepDeps, request: Request, why: string): Promise<Deed> {
  const error = await wake(deps, request)
  return error === undefined ? { what: 'woke', of: request.id, why } : { what: 'failed', of: request.id, why, error }
}

async function sweepAsIs(deps: SweepDeps, request: Request, asIs: AsIs, now: Date): Promise<Deed | undefined> {
  const judged = await judgedAsIs(deps, request, asIs, now)
  if (judged.verdict === 'wake') return woken(deps, request, judged.why)
  if (judged.verdict === 'leave') {
    if (isEndNear(request, now)) await announceEnd(deps, request.id)
    return undefined
  }
  await endGrant(deps, request.id, { by: SWEEP, cause: judged.cause, isRetry: true })
  return { what: 'ended', of: request.id, why: judged.why }
}

function countOf(deeds: readonly Deed[], ...kinds: readonly Deed['what'][]): number {
  return deeds.filter(({ what }) => kinds.includes(what)).length
}
