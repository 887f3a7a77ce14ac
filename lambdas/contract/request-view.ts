import { toIsoDuration } from '../domain/duration.ts'
import { grantJson } from '../domain/grant.ts'
import { toInstant } from '../domain/instant.ts'
import type { LedgerEvent } from '../domain/ledger.ts'
import { receiptJson } from '../domain/lifecycle.ts'
import type { Request } from '../domain/request.ts'

/** A request as the API shows it. Instants in UTC with `Z`, durations in ISO 8601. */
export function requestView(request: Request) {
  const { id, status, requester, principal, entitlement, parameters, durationSeconds, reason, ticket } = request
  return {
    requestId: id,
    status,
    requester,
    principal: principal.arn,
    entitlement,
    parameters,
    duration: toIsoDuration(durationSeconds),
    reason,
    ticket,
    notBefore: request.earliestStart && toInstant(request.earliestStart),
    rule: request.rule,
    accessHash: request.accessHash,
    askedAt: toInstant(request.askedAt),
    answerBy: request.status === 'REFUSED' ? undefined : toInstant(request.answerBy),
    stages: request.stages,
    decisions: request.decisions.map(({ seen: _, at, ...decision }) => ({ ...decision, at: toInstant(at) })),
    grant: request.grant && grantJson(request.grant),
    endCause: request.ending?.cause,
    receipt: request.ending && receiptJson(request.ending.receipt),
  }
}

/** An event as the API shows it, with the hashes that chain it. */
export function eventView({ sequence, type, at, actor, details, previousHash, hash }: LedgerEvent) {
  return { sequence, type, at: toInstant(at), actor, details, previousHash, hash }
}
