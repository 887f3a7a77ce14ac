import type { Person } from '../domain/access-file.ts'
import { sha256 } from '../domain/digest.ts'
import { isOver } from '../domain/instant.ts'
import { note } from '../domain/lifecycle.ts'
import type { Decision, Request } from '../domain/request.ts'
import { shownHash } from '../domain/shown.ts'
import { openStage } from './ask-approvers.ts'
import { codeHash } from './invitations.ts'
import { RulesChangedError } from './judged-now.ts'
import { type Link, type LinkStore, MOST_TRIES } from './ports/link-store.ts'
import { advance } from './record.ts'
import {
  type DecisionDeps,
  type Judged,
  judgeDecision,
  judgedForDecision,
  type RecordedDecision,
  recordDecision,
  withHold,
} from './record-decision.ts'
import { tell } from './tell.ts'

export interface DecideByLinkDeps extends DecisionDeps {
  readonly links: LinkStore
}

/** What a link opens. Unknown, used, expired and void are one and the same `dead`. */
export type Opened =
  | { readonly outcome: 'dead' }
  | { readonly outcome: 'answered'; readonly request: Request }
  | { readonly outcome: 'rules-changed'; readonly request: Request }
  /** The access file of today takes a signed decision only. */
  | { readonly outcome: 'needs-signature'; readonly request: Request }
  | ({
      readonly outcome: 'open'
      readonly link: Link
      readonly request: Request
      readonly approver: Person
      readonly seen: string
    } & Judged)

/** Looks behind a link. Reads only: opening a link a thousand times changes nothing. */
export async function openLink(deps: DecideByLinkDeps, token: string): Promise<Opened> {
  const { links, store, access, clock } = deps
  const link = await links.find(sha256(token))
  if (!link || link.state === 'used' || link.tries >= MOST_TRIES || isOver(link.expiresAt, clock.now()))
    return { outcome: 'dead' }
  const request = await store.find(link.requestId)
  const approver = access.people[link.approver]
  if (!request || !approver) return { outcome: 'dead' }
  const hasDecided = request.decisions.some(decision => decision.approver === link.approver)
  if (hasDecided || openStage(request)?.name !== link.stage) return { outcome: 'answered', request }
  try {
    const judged = judgedForDecision(deps, request)
    if (judged.assurance === 'signed') return { outcome: 'needs-signature', request }
    return { outcome: 'open', link, request, approver, seen: shownHash(request, judged.statements), ...judged }
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
  /** How long at most; without it what was asked for. A denial has none. */
  readonly durationSeconds?: number | undefined
  /** Address the answer came from. */
  readonly from?: string | undefined
}

export type OpenLink = Extract<Opened, { outcome: 'open' }>

export type Answered =
  | { readonly outcome: 'dead' }
  | { readonly outcome: 'wrong-code'; readonly triesLeft: number }
  | { readonly outcome: 'voided' }
  | RecordedDecision

/**
 * An approver's answer through the link.
 *
 *   (the link is open) → is it held? → would it count? → take a try → compare the code
 *   → one transaction: link used + decision + event → wake the execution → mail
 *
 * Invariant: whatever is sent at once, one link gives at most one decision and at most five compared codes.
 */
export async function decideByLink(deps: DecideByLinkDeps, opened: OpenLink, answer: Answer): Promise<Answered> {
  const { link, request, approver } = opened
  const { decision, seen, comment, durationSeconds, from } = answer
  const byLink: Decision = {
    decision,
    approver: approver.id,
    at: deps.clock.now(),
    seen,
    ...(comment && { comment }),
    ...(from !== undefined && { from }),
    ...(decision === 'approve' && durationSeconds !== undefined && { durationSeconds }),
  }
  const judged = await withHold(deps, request, byLink, opened)
  // What could not count anyway, held or with a duration that is too long, costs no try.
  const judgment = judgeDecision(request, byLink, judged)
  if (judgment.outcome === 'refused') return judgment
  const code = await checkCode(deps, opened, answer.code)
  return code === 'right' ? recordDecision(deps, link.requestId, byLink, { judged, usedLink: link.tokenHash }) : code
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
