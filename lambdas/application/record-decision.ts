import { own } from '../domain/access-file.ts'
import { decide, type RefusedDecision, type Today } from '../domain/decide.ts'
import type { Decision, Request } from '../domain/request.ts'
import { shownHash } from '../domain/shown.ts'
import { type HoldDeps, holdOf } from './hold-of.ts'
import { judgedNow } from './judged-now.ts'
import { advance } from './record.ts'
import { type Telling, tell, toRequester } from './tell.ts'
import { type WakeDeps, wake } from './wake.ts'

export interface DecisionDeps extends Telling, WakeDeps, HoldDeps {}

/** What the access file of today says of a request; its hash comes from the request as it is when the decision is written. */
export type Judged = Omit<Today, 'hash' | 'hold'>

/** The same with what holds the request back. Nothing is judged without an answer to that. */
export type JudgedWithHold = Omit<Today, 'hash'>

export type RecordedDecision =
  | RefusedDecision
  | {
      readonly outcome: 'decided'
      readonly request: Request
      readonly verdict: 'open' | 'approved' | 'denied'
      /** Why the execution could not be woken, if it could not. */
      readonly wakeFailure?: unknown
    }

/** @throws RulesChangedError when the access file of today refuses the request. */
export function judgedForDecision({ access }: Pick<Telling, 'access'>, request: Request): Judged {
  const { statements, stages } = judgedNow({ access }, request)
  return {
    statements,
    stages,
    shortestGrantSeconds: access.limits.shortestGrantSeconds,
    assurance: own(access.entitlements, request.entitlement)?.assurance ?? 'link',
  }
}

/**
 * Looks, for an approval, whether a finding holds back who asks; a denial is taken whatever is known of them, and does not look. What
 * is known of a person is no part of the decision's transaction: a finding that opens after this look holds what comes next.
 */
export async function withHold(
  deps: HoldDeps,
  request: Request,
  { decision }: Pick<Decision, 'decision'>,
  judged: Judged,
): Promise<JudgedWithHold> {
  return { ...judged, hold: decision === 'approve' ? await holdOf(deps, request) : undefined }
}

/** Judges a decision on the request as it is. Writes nothing. */
export function judgeDecision(request: Request, decision: Decision, judged: JudgedWithHold): ReturnType<typeof decide> {
  return decide(request, decision, { ...judged, hash: shownHash(request, judged.statements) })
}

/**
 * Writes a decision, wakes the execution, tells the requester of a denial. However the decision came, it goes through here: of all
 * decisions on one state of a request, by link or signed, exactly one is written, and the others are judged again on what it made.
 */
export async function recordDecision(
  deps: DecisionDeps,
  requestId: string,
  decision: Decision,
  { judged, usedLink }: { readonly judged: JudgedWithHold; readonly usedLink?: string },
): Promise<RecordedDecision> {
  const decided = await advance(
    deps.store,
    requestId,
    request => {
      const outcome = judgeDecision(request, decision, judged)
      return outcome.outcome === 'decided' ? outcome.transition : { stop: outcome }
    },
    usedLink,
  )
  return decided.outcome === 'stopped' ? decided.stop : afterDecision(deps, decided.transition.to)
}

/**
 * The decision stands; what follows only hurries it along. An execution that could not be woken looks for itself when its wait runs
 * out, so a failure here is told to the caller's log and not to the approver.
 */
async function afterDecision(deps: DecisionDeps, request: Request): Promise<RecordedDecision> {
  const verdict = request.status === 'PENDING' ? 'open' : request.status === 'APPROVED' ? 'approved' : 'denied'
  const wakeFailure = await wake(deps, request)
  if (verdict === 'denied') await tell(deps, request.id, toRequester(deps.access, request, 'denied'))
  return { outcome: 'decided', request, verdict, wakeFailure }
}
