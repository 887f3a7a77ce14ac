import type { AccessFile } from '../domain/access-file.ts'
import { RequestMissingError } from '../domain/errors.ts'
import { type Ask, type Evaluation, evaluate, REFUSAL_CODES, type Refused } from '../domain/evaluate.ts'
import { type Asked, fail, refuse } from '../domain/lifecycle.ts'
import type { OpenDebt, Past } from '../domain/past.ts'
import type { Principal, Request, Status } from '../domain/request.ts'
import { beginRequest, firstWaitSeconds } from './begin-request.ts'
import { idempotencyOf } from './idempotency-of.ts'
import { countedPast } from './past-of.ts'
import type { Clock, IdSource } from './ports/chance.ts'
import type { Idempotency, RequestStore } from './ports/request-store.ts'
import type { WorkflowStarter } from './ports/workflow.ts'
import { advance } from './record.ts'
import { type OutsideDeps, refusalOutside } from './refusal-outside.ts'
import { isInForce, writtenAlong } from './written-along.ts'

export interface RequestAccessDeps extends OutsideDeps {
  readonly access: AccessFile
  readonly accessHash: string
  readonly store: RequestStore
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
  /** Address the ask came from. A repeated call may come from another. */
  readonly from?: string | undefined
  readonly idempotencyKey?: string | undefined
}

export type RequestOutcome =
  | {
      readonly outcome: 'accepted'
      readonly request: Request
      readonly isRepeat: boolean
      /** Because of it an emergency waits for people. */
      readonly openDebt?: Pick<OpenDebt, 'requestId'> | undefined
    }
  | {
      readonly outcome: 'refused'
      readonly request: Request
      readonly refusal: Pick<Refused, 'code' | 'rule' | 'detail' | 'wouldPass'>
    }
  /** There is nothing of that name, so there is nothing to record it against. */
  | { readonly outcome: 'unknown-entitlement'; readonly refusal: Refused }
  | { readonly outcome: 'key-reused'; readonly requestId: string }
  /** The grant that was to be prolonged is not in force. */
  | { readonly outcome: 'not-active'; readonly status: Status }
  | { readonly outcome: 'not-started'; readonly requestId: string }

/** Asks of one person at once that count. Each try that is stale lost to another ask that was written. */
const MOST_TRIES = 60

/**
 * Judges an ask and records it, let in or refused, then starts its execution. What counts is counted in the transaction that writes
 * the request; when another ask of the person was written in between, this one is judged anew.
 * A call repeated with the same key and body finds the request of the first and makes sure that its execution was started.
 *
 * Invariant: however many are asked at once, a cap or an automatic rule lets through no more than it says.
 */
export async function requestAccess(deps: RequestAccessDeps, asking: AccessAsk): Promise<RequestOutcome> {
  let outside: Promise<Refused | undefined> | undefined
  const refusedOutside = () => (outside ??= refusalOutside(deps, asking))
  for (let attempt = 1; attempt <= MOST_TRIES; attempt += 1) {
    const outcome = await placed(deps, asking, refusedOutside)
    if (outcome !== 'stale') return outcome
  }
  throw new ContendedPersonError(asking.requester)
}

/** So many asks of one person were written at once that this one found no gap. Nothing was written; try again. */
export class ContendedPersonError extends Error {
  override readonly name = 'ContendedPersonError'

  constructor(person: string) {
    super(`${person} asked ${MOST_TRIES} times more while one ask was written`)
  }
}

async function placed(
  deps: RequestAccessDeps,
  asking: AccessAsk,
  refusedOutside: () => Promise<Refused | undefined>,
): Promise<RequestOutcome | 'stale'> {
  const { access, accessHash, store, clock, ids } = deps
  const { ask, requester, principal, reason, ticket, from } = asking
  const at = clock.now()
  const idempotency = idempotencyOf(asking)
  const prolonged = ask.extends === undefined ? undefined : await store.find(ask.extends)
  if (ask.extends !== undefined && !prolonged) throw new RequestMissingError(ask.extends)
  if (prolonged && !isInForce(prolonged)) return tooLate(deps, prolonged, idempotency)

  const past = await countedPast(deps, requester, ask.entitlement, at)
  const evaluation = await judged(access, asking, { at, past, refusedOutside })
  if (evaluation.outcome === 'refused' && evaluation.code === 'unknown-entitlement') {
    return { outcome: 'unknown-entitlement', refusal: evaluation }
  }
  const asked: Asked = { id: ids.requestId(at), requester, principal, ask, reason, ticket, accessHash, at, from }
  const beginning =
    evaluation.outcome === 'refused' ? refuse(asked, evaluation) : beginRequest(access, asked, evaluation)
  const along = evaluation.outcome === 'refused' ? {} : writtenAlong(access, beginning.to, { past, prolonged })
  const creation = await store.create(beginning, idempotency, along)

  if (creation.outcome === 'stale') return 'stale'
  if (creation.outcome === 'mismatch') return { outcome: 'key-reused', requestId: creation.requestId }
  if (creation.outcome === 'repeated') return repeated(deps, creation.requestId)
  if (evaluation.outcome === 'refused') return { outcome: 'refused', request: beginning.to, refusal: evaluation }
  return started(deps, beginning.to, { isRepeat: false, openDebt: evaluation.emergency?.openDebt })
}

/** The access file's judgement; what it would let in may still be refused by what stands outside of it. */
async function judged(
  access: AccessFile,
  { requester, ask }: AccessAsk,
  {
    at,
    past,
    refusedOutside,
  }: {
    readonly at: Date
    readonly past: Past | undefined
    readonly refusedOutside: () => Promise<Refused | undefined>
  },
): Promise<Evaluation> {
  const evaluation = evaluate(access, requester, ask, at, past)
  return evaluation.outcome === 'refused' ? evaluation : ((await refusedOutside()) ?? evaluation)
}

/** A grant that is over is not prolonged; a repeated call still finds what the first one made. */
async function tooLate(
  deps: RequestAccessDeps,
  { status }: Request,
  idempotency: Idempotency | undefined,
): Promise<RequestOutcome> {
  const recalled = idempotency && (await deps.store.recall(idempotency))
  if (!recalled) return { outcome: 'not-active', status }
  if (recalled.outcome === 'mismatch') return { outcome: 'key-reused', requestId: recalled.requestId }
  return repeated(deps, recalled.requestId)
}

async function repeated(deps: RequestAccessDeps, requestId: string): Promise<RequestOutcome> {
  const history = await deps.store.history(requestId)
  if (!history) return { outcome: 'not-started', requestId }
  const { request, events } = history
  const { code, detail, wouldPass, openDebt: owed } = events[0]?.details ?? {}
  const openDebt = typeof owed === 'string' ? { requestId: owed } : undefined
  if (request.status === 'PENDING') return started(deps, request, { isRepeat: true, openDebt })
  if (request.status !== 'REFUSED') return { outcome: 'accepted', request, isRepeat: true, openDebt }
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
async function started(
  deps: RequestAccessDeps,
  request: Request,
  about: Pick<Extract<RequestOutcome, { outcome: 'accepted' }>, 'isRepeat' | 'openDebt'>,
): Promise<RequestOutcome> {
  const { access, workflow, store, clock } = deps
  try {
    await workflow.start({ requestId: request.id, firstWaitSeconds: firstWaitSeconds(access, request) })
  } catch (cause) {
    const why = `the workflow could not be started (${cause instanceof Error ? cause.name : 'unknown'})`
    const at = clock.now()
    await advance(store, request.id, now =>
      now.status === 'PENDING' ? fail(now, why, at, { service: 'api' }) : { stop: 'moved-on' },
    )
    return { outcome: 'not-started', requestId: request.id }
  }
  return { outcome: 'accepted', request, ...about }
}
