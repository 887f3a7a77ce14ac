import type { Person } from '../domain/access-file.ts'
import { sha256 } from '../domain/digest.ts'
import { isOver } from '../domain/instant.ts'
import { type DecisionRefusal, decide, note } from '../domain/lifecycle.ts'
import type { Statement } from '../domain/parameters.ts'
import type { AskedStage, Decision, Request } from '../domain/request.ts'
import { shownHash } from '../domain/shown.ts'
import { codeHash, judgedNow, openStage, RulesChangedError } from './ask-approvers.ts'
import { type Link, type LinkStore, MOST_TRIES } from './ports/link-store.ts'
import { advance } from './record.ts'
import { type Telling, tell, toRequester } from './tell.ts'
import { type WakeDeps, wake } from './wake.ts'

export interface DecideByLinkDeps extends Telling, WakeDeps {
  readonly links: LinkStore
}

/** What a link opens. Unknown, used, expired and void are one and the same `dead`. */
export type Opened =
  | { readonly outcome: 'dead' }
  | { readonly outcome: 'answered'; readonly request: Request }
  | { readonly outcome: 'rules-changed'; readonly request: Request }
  | {
      readonly outcome: 'open'
      readonly link: Link
      readonly request: Request
      readonly approver: Person
      readonly statements: readonly Statement[]
      readonly stages: readonly AskedStage[]
      readonly seen: string
    }

/** Looks behind a link. Reads only: opening a link a thousand times changes nothing. */
export async function openLink(deps: DecideByLinkDeps, token: string): Promise<Opened> {
  const { links, store, access, clock } = deps
  const link = await links.find(sha256(token))
  if (!link || link.state === 'used' || link.tries >= MOST_TRIES || isOver(link.expiresAt, clock.now()))
    return { outcome: 'dead' }
  const request = await store.find(link.requestId)
  const approver = access.people[link.approver]
  if (!request || !approver) return { outcome: 'dead' }
  if (openStage(request)?.name !== link.stage) return { outcome: 'answered', request }
  try {
    const { statements, stages } = judgedNow(deps, request)
    return { outcome: 'open', link, request, approver, statements, stages, seen: shownHash(request, statements) }
  } catch (error) {
    if (error instanceof RulesChangedError) return { outcome: 'rules-changed', request }
    throw error
  }
}

export interface Answer {
  readonly decision: 'approve' | 'deny'
  readonly seen: string
  /** Six digits, or empty where the entitlement asks for none. */
  readonly code: string
  readonly comment?: string | undefined
}

export type OpenLink = Extract<Opened, { outcome: 'open' }>

export type Answered =
  | { readonly outcome: 'dead' }
  | { readonly outcome: 'wrong-code'; readonly triesLeft: number }
  | { readonly outcome: 'voided' }
  | { readonly outcome: 'refused'; readonly why: DecisionRefusal; readonly detail: string }
  | {
      readonly outcome: 'decided'
      readonly request: Request
      readonly verdict: 'open' | 'approved' | 'denied'
      /** Why the execution could not be woken, if it could not. */
      readonly wakeFailure?: unknown
    }

/**
 * An approver's answer through the link.
 *
 *   (the link is open) → take a try → compare the code → one transaction: link used + decision + event → wake the execution → mail
 *
 * Invariant: whatever is sent at once, one link gives at most one decision and at most five compared codes.
 */
export async function decideByLink(deps: DecideByLinkDeps, opened: OpenLink, answer: Answer): Promise<Answered> {
  const { link, approver, statements, stages } = opened
  const code = await checkCode(deps, opened, answer.code)
  if (code !== 'right') return code

  const at = deps.clock.now()
  const decision: Decision = {
    decision: answer.decision,
    approver: approver.id,
    at,
    seen: answer.seen,
    ...(answer.comment && { comment: answer.comment }),
  }
  const decided = await advance(
    deps.store,
    link.requestId,
    request => {
      const outcome = decide(request, decision, { hash: shownHash(request, statements), statements, stages })
      return outcome.outcome === 'decided' ? outcome.transition : { stop: outcome }
    },
    link.tokenHash,
  )
  if (decided.outcome === 'stopped') return decided.stop
  return afterDecision(deps, decided.transition.to)
}

async function checkCode(deps: DecideByLinkDeps, opened: OpenLink, code: string): Promise<'right' | Answered> {
  const { link, request, approver } = opened
  if (link.codeHash === undefined) return 'right'
  const taken = await deps.links.takeTry(link.tokenHash)
  if (taken.outcome === 'none-left') return { outcome: 'dead' }
  if (codeHash(link.tokenHash, code) === link.codeHash) return 'right'
  if (taken.tries < MOST_TRIES) return { outcome: 'wrong-code', triesLeft: MOST_TRIES - taken.tries }
  const at = deps.clock.now()
  const details = { approver: approver.id, why: `${MOST_TRIES} wrong codes` }
  await advance(deps.store, request.id, now =>
    note(now, { type: 'link-voided', at, actor: { service: 'approval' }, details }),
  )
  const requester = deps.access.people[request.requester]
  if (requester) await tell(deps, request.id, [{ kind: 'link-voided', to: requester, request, approver, at }])
  return { outcome: 'voided' }
}

/**
 * The decision stands; what follows only hurries it along. An execution that could not be woken looks for itself when its wait runs
 * out, so a failure here is told to the caller's log and not to the approver.
 */
async function afterDecision(deps: DecideByLinkDeps, request: Request): Promise<Answered> {
  const verdict = request.status === 'PENDING' ? 'open' : request.status === 'APPROVED' ? 'approved' : 'denied'
  const wakeFailure = await wake(deps, request)
  if (verdict === 'denied') await tell(deps, request.id, toRequester(deps.access, request, 'denied'))
  return { outcome: 'decided', request, verdict, wakeFailure }
}
