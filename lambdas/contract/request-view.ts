import type { Decidable } from '../domain/decide.ts'
import { toIsoDuration } from '../domain/duration.ts'
import { RULE_WORDS } from '../domain/findings/rule-words.ts'
import { allowedSeconds, grantJson, stageJson } from '../domain/grant.ts'
import type { Hold } from '../domain/held.ts'
import { toInstant } from '../domain/instant.ts'
import type { LedgerEvent } from '../domain/ledger.ts'
import { receiptJson } from '../domain/lifecycle.ts'
import type { Debt, Decision, Request } from '../domain/request.ts'

/** A request as the API shows it. Instants in UTC with `Z`, durations in ISO 8601. */
export function requestView(request: Request) {
  const { id, status, requester, principal, entitlement, parameters, durationSeconds, reason, ticket } = request
  const allowed = allowedSeconds(request)
  return {
    requestId: id,
    status,
    requester,
    principal: principal.arn,
    session: principal.session,
    entitlement,
    parameters,
    duration: toIsoDuration(durationSeconds),
    allowedDuration: allowed < durationSeconds ? toIsoDuration(allowed) : undefined,
    reason,
    ticket,
    notBefore: request.earliestStart && toInstant(request.earliestStart),
    rule: request.rule,
    asIs: request.asIs,
    accessHash: request.accessHash,
    askedAt: toInstant(request.askedAt),
    answerBy: request.status === 'REFUSED' ? undefined : toInstant(request.answerBy),
    stages: request.stages.map(stageJson),
    decisions: request.decisions.map(decisionView),
    automatic: request.automatic,
    breakGlass: request.isBreakGlass,
    extends: request.extends,
    debt: request.debt && debtView(request.debt),
    grant: request.grant && grantJson(request.grant),
    endCause: request.ending?.cause,
    receipt: request.ending && receiptJson(request.ending.receipt),
  }
}

function debtView({ dueBy, reviewers, closed }: Debt) {
  return { dueBy: toInstant(dueBy), reviewers, closed: closed && { ...closed, at: toInstant(closed.at) } }
}

/** The ids of the requests that prolong the grant of this one, oldest first; undefined where there is none. */
export function extensionsOf(events: readonly LedgerEvent[]): readonly string[] | undefined {
  const extensions = events.flatMap(({ type, details: { extension } }) =>
    type === 'extension-asked' && typeof extension === 'string' ? [extension] : [],
  )
  return extensions.length > 0 ? extensions : undefined
}

function decisionView({ decision, approver, at, comment, durationSeconds, via }: Decision) {
  const duration = durationSeconds === undefined ? undefined : toIsoDuration(durationSeconds)
  return { decision, approver, at: toInstant(at), comment, duration, via }
}

/** What an approver is shown before a signed decision: `seen` is the hash of it all, and the decision carries it back. */
export function decidableView({
  seen,
  stage,
  number,
  statements,
  shortestGrantSeconds,
  longestGrantSeconds,
}: Decidable) {
  const shortestDuration = toIsoDuration(shortestGrantSeconds)
  const longestDuration = toIsoDuration(longestGrantSeconds)
  return { seen, decidable: { stage, number, statements, shortestDuration, longestDuration } }
}

/** The finding that holds a request back, as whoever may see the request is told of it: not what was seen. */
export function holdView({ findingId, rule }: Hold) {
  return { findingId, rule, title: RULE_WORDS[rule].title }
}

/** An event as the API shows it, with the hashes that chain it. */
export function eventView({ sequence, type, at, actor, details, previousHash, hash }: LedgerEvent) {
  return { sequence, type, at: toInstant(at), actor, details, previousHash, hash }
}
