import { isOver, plusSeconds, wholeSeconds } from '../domain/instant.ts'
import { giveUp, note } from '../domain/lifecycle.ts'
import type { Request } from '../domain/request.ts'
import { type FoundPolicy, judgePolicy, judgeRequest, requestIdOfPolicy, STUCK_SECONDS } from '../domain/sweep.ts'
import { type EndGrantDeps, endGrant } from './end-grant.ts'
import type { FreezeStore } from './ports/freeze-store.ts'
import type { Metrics } from './ports/metrics.ts'
import type { PolicyInventory } from './ports/policies.ts'
import type { OpenRequests } from './ports/request-store.ts'
import { advance } from './record.ts'
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

/**
 * The closer outside the workflow. IAM is its truth: it looks at every policy under Lapse's path, then at the open requests that have
 * none, and closes what is due, stuck, orphaned or changed by others. What fails is reported and tried again at the next sweep;
 * one failure never keeps the rest from being looked at. Two sweeps at once do no harm, and a second one finds nothing to do.
 */
export async function sweep(deps: SweepDeps): Promise<readonly Deed[]> {
  const isFrozen = (await deps.freezes.current()) !== undefined
  const deeds: Deed[] = []
  const inIam = new Set<string>()
  let overdue = 0
  for await (const found of deps.inventory.grantPolicies()) {
    const requestId = requestIdOfPolicy(found.arn)
    inIam.add(requestId)
    const { deed, isOverdue } = await reported(requestId, () => sweepPolicy(deps, found, requestId, isFrozen))
    if (deed) deeds.push(deed)
    if (isOverdue) overdue += 1
  }
  for await (const request of deps.open.openRequests()) {
    if (inIam.has(request.id)) continue
    const { deed } = await reported(request.id, () => sweepRequest(deps, request))
    if (deed) deeds.push(deed)
  }
  await deps.metrics.count({
    SweepHeartbeat: 1,
    SweepClosed: countOf(deeds, 'ended', 'gave-up'),
    SweepForeign: countOf(deeds, 'removed', 'detached'),
    SweepFailures: countOf(deeds, 'failed'),
    GrantsOverdue: overdue,
  })
  return deeds
}

interface Swept {
  readonly deed?: Deed | undefined
  readonly isOverdue?: boolean
}

async function reported(of: string, work: () => Promise<Swept>): Promise<Swept> {
  try {
    return await work()
  } catch (error) {
    return { deed: { what: 'failed', of, why: error instanceof Error ? error.name : 'unknown', error } }
  }
}

async function sweepPolicy(deps: SweepDeps, found: FoundPolicy, requestId: string, isFrozen: boolean): Promise<Swept> {
  const now = deps.clock.now()
  const request = await deps.store.find(requestId)
  const judged = judgePolicy(found, request, isFrozen, now)
  if (judged.verdict === 'leave') return {}
  const { why } = judged
  if (judged.verdict === 'remove') {
    await deps.policies.remove(found.arn)
    return { deed: { what: 'removed', of: found.arn, why } }
  }
  if (judged.verdict === 'detach') {
    for (const holder of judged.from) await deps.inventory.detach(found.arn, holder)
    const details = { policyArn: found.arn, from: judged.from.map(({ kind, name }) => `${kind}/${name}`) }
    const at = wholeSeconds(now)
    await advance(deps.store, requestId, current => note(current, { type: 'drift-removed', at, actor: SWEEP, details }))
    return { deed: { what: 'detached', of: requestId, why } }
  }
  const isOverdue = request?.grant !== undefined && isOver(plusSeconds(request.grant.notAfter, STUCK_SECONDS), now)
  await endGrant(deps, requestId, { by: SWEEP, cause: judged.cause, isRetry: true })
  return { deed: { what: 'ended', of: requestId, why }, isOverdue }
}

async function sweepRequest(deps: SweepDeps, request: Request): Promise<Swept> {
  const now = wholeSeconds(deps.clock.now())
  const judged = judgeRequest(request, now)
  if (judged.verdict === 'leave') return {}
  const { why } = judged
  if (judged.verdict === 'wake') {
    const error = await wake(deps, request)
    return {
      deed:
        error === undefined ? { what: 'woke', of: request.id, why } : { what: 'failed', of: request.id, why, error },
    }
  }
  if (judged.verdict === 'give-up') {
    const given = await advance(deps.store, request.id, current =>
      current.status === 'PENDING' ? giveUp(current, now) : { stop: 'answered' },
    )
    if (given.outcome === 'stopped') return {}
    await tell(deps, request.id, toRequester(deps.access, given.transition.to, 'unanswered'))
    return { deed: { what: 'gave-up', of: request.id, why } }
  }
  // IAM was listed before the table: what was made in between is no sign of anything.
  if (request.status === 'ACTIVE' && request.grant && (await deps.policies.exists(request.grant.policyArn))) return {}
  await endGrant(deps, request.id, { by: SWEEP, cause: judged.cause, isRetry: false })
  return { deed: { what: 'ended', of: request.id, why } }
}

function countOf(deeds: readonly Deed[], ...kinds: readonly Deed['what'][]): number {
  return deeds.filter(({ what }) => kinds.includes(what)).length
}
