import type { AccessFile } from '../domain/access-file.ts'
import { digest } from '../domain/digest.ts'
import { type Ask, type Evaluation, evaluate, REFUSAL_CODES, type Refused } from '../domain/evaluate.ts'
import { toInstant } from '../domain/instant.ts'
import { type Asked, begin, fail, refuse } from '../domain/lifecycle.ts'
import type { Principal, Request } from '../domain/request.ts'
import type { Clock, IdSource } from './ports/chance.ts'
import type { FreezeStore } from './ports/freeze-store.ts'
import type { RequestStore } from './ports/request-store.ts'
import type { WorkflowStarter } from './ports/workflow.ts'
import { type QuotaDeps, quotaRefusal } from './quota-refusal.ts'
import { advance } from './record.ts'

export interface RequestAccessDeps extends QuotaDeps {
  readonly access: AccessFile
  readonly accessHash: string
  readonly store: RequestStore
  readonly freezes: Pick<FreezeStore, 'current'>
  readonly workflow: WorkflowStarter
  readonly clock: Clock
  readonly ids: IdSource
}

export interface AccessAsk {
  readonly requester: string
  readonly principal: Principal
  readonly ask: Ask
  readonly reason: string
  readonly ticket?: string | undefined
  readonly idempotencyKey?: string | undefined
}

export type RequestOutcome =
  | { readonly outcome: 'accepted'; readonly request: Request; readonly isRepeat: boolean }
  | {
      readonly outcome: 'refused'
      readonly request: Request
      readonly refusal: Pick<Refused, 'code' | 'rule' | 'detail' | 'wouldPass'>
    }
  /** There is nothing of that name, so there is nothing to record it against. */
  | { readonly outcome: 'unknown-entitlement'; readonly refusal: Refused }
  | { readonly outcome: 'key-reused'; readonly requestId: string }
  | { readonly outcome: 'not-started'; readonly requestId: string }

/**
 * Judges an ask and records it, let in or refused, then starts its execution.
 * A call repeated with the same key and body finds the request of the first and makes sure that its execution was started.
 */
export async function requestAccess(deps: RequestAccessDeps, asking: AccessAsk): Promise<RequestOutcome> {
  const { access, accessHash, store, clock, ids } = deps
  const { ask, requester, principal, reason, ticket, idempotencyKey } = asking
  const at = clock.now()
  const evaluation = await judged(deps, asking, at)
  if (evaluation.outcome === 'refused' && evaluation.code === 'unknown-entitlement') {
    return { outcome: 'unknown-entitlement', refusal: evaluation }
  }

  const asked: Asked = { id: ids.requestId(at), requester, principal, ask, reason, ticket, accessHash, at }
  const ladder = access.entitlements[ask.entitlement]?.ladder
  const beginning =
    evaluation.outcome === 'refused'
      ? refuse(asked, evaluation)
      : begin(asked, evaluation, ladder?.unansweredAfterSeconds ?? 0)
  const idempotency =
    idempotencyKey === undefined ? undefined : { requester, key: idempotencyKey, bodyHash: bodyHash(asking) }
  const creation = await store.create(beginning, idempotency)

  if (creation.outcome === 'mismatch') return { outcome: 'key-reused', requestId: creation.requestId }
  if (creation.outcome === 'repeated') return repeated(deps, creation.requestId)
  if (evaluation.outcome === 'refused') return { outcome: 'refused', request: beginning.to, refusal: evaluation }
  return started(deps, beginning.to, false)
}

/** The access file's judgement; what it would let in is refused while access is frozen, or where IAM has no room. */
async function judged(
  deps: RequestAccessDeps,
  { requester, principal, ask }: AccessAsk,
  at: Date,
): Promise<Evaluation> {
  const evaluation = evaluate(deps.access, requester, ask, at)
  if (evaluation.outcome === 'refused') return evaluation
  const [freeze, noRoom] = await Promise.all([deps.freezes.current(), quotaRefusal(deps, requester, principal)])
  if (!freeze) return noRoom ?? evaluation
  const detail = `access is frozen since ${toInstant(freeze.at)}: ${freeze.reason}`
  const wouldPass = 'the same request when the freeze is lifted'
  return { outcome: 'refused', code: 'frozen', rule: 'freeze', detail, wouldPass }
}

async function repeated(deps: RequestAccessDeps, requestId: string): Promise<RequestOutcome> {
  const history = await deps.store.history(requestId)
  if (!history) return { outcome: 'not-started', requestId }
  const { request, events } = history
  if (request.status === 'PENDING') return started(deps, request, true)
  if (request.status !== 'REFUSED') return { outcome: 'accepted', request, isRepeat: true }
  const { code, detail, wouldPass } = events[0]?.details ?? {}
  return {
    outcome: 'refused',
    request,
    refusal: {
      code: REFUSAL_CODES.find(known => known === code) ?? 'not-eligible',
      rule: request.rule,
      detail: `${detail}`,
      wouldPass: `${wouldPass}`,
    },
  }
}

/** Starting is idempotent, so doing it again for a repeated call closes the gap of a first call that died before it. */
async function started(deps: RequestAccessDeps, request: Request, isRepeat: boolean): Promise<RequestOutcome> {
  const { access, workflow, store, clock } = deps
  const firstWaitSeconds = access.entitlements[request.entitlement]?.ladder.remindAfterSeconds ?? 1
  try {
    await workflow.start({ requestId: request.id, firstWaitSeconds })
  } catch (cause) {
    const why = `the workflow could not be started (${cause instanceof Error ? cause.name : 'unknown'})`
    const at = clock.now()
    await advance(store, request.id, now =>
      now.status === 'PENDING' ? fail(now, why, at, { service: 'api' }) : { stop: 'moved-on' },
    )
    return { outcome: 'not-started', requestId: request.id }
  }
  return { outcome: 'accepted', request, isRepeat }
}

function bodyHash({ ask, reason, ticket }: AccessAsk): string {
  const { entitlement, durationSeconds, parameters, earliestStart } = ask
  return digest({
    entitlement,
    durationSeconds,
    parameters,
    earliestStart: earliestStart && toInstant(earliestStart),
    reason,
    ticket,
  })
}
