import * as z from 'zod/mini'
import { extensionsOf } from '../../lambdas/contract/request-view.ts'
import type { Json } from '../../lambdas/domain/digest.ts'
import { secondsOfIsoDuration, toIsoDuration } from '../../lambdas/domain/duration.ts'
import { toInstant } from '../../lambdas/domain/instant.ts'
import type { EventType, LedgerEvent } from '../../lambdas/domain/ledger.ts'
import { statusByLedger } from '../../lambdas/domain/lifecycle.ts'
import type { ReportedRequest } from './reported-request.ts'

/** What the request says, and what its events say of the same. */
type Pair = readonly [Json | undefined, Json | undefined]

/** Each member of a request that a report shows, but for what is worked out from the access file of today. */
export function membersTold(request: ReportedRequest, events: readonly LedgerEvent[]): Readonly<Record<string, Pair>> {
  return { ...askedFor(request, events[0]), ...decided(request, events), ...ended(request, events) }
}

const NOT_TOLD: Pair = [undefined, undefined]
const $Named = z.object({ name: z.string() })
const $Arn = z.object({ policyArn: z.string() })

function askedFor(request: ReportedRequest, asked: LedgerEvent | undefined): Readonly<Record<string, Pair>> {
  const { requester, principal, session, entitlement, parameters, duration, notBefore, reason, ticket, ...more } =
    request
  const { rule, asIs, accessHash, askedAt, automatic, breakGlass } = more
  const { details = {} } = asked ?? {}
  return {
    requester: [{ person: requester }, asked && { ...asked.actor }],
    principal: [principal, details.principal],
    session: [session?.name, $Named.safeParse(details.session).data?.name],
    entitlement: [entitlement, details.entitlement],
    parameters: [parameters, details.parameters],
    duration: [duration, details.duration],
    'earliest start': [notBefore, details.earliestStart],
    reason: [reason, details.reason],
    ticket: [ticket, details.ticket],
    rule: [rule, details.rule],
    'policy as it is': [asIs?.policyArn, $Arn.safeParse(details.asIs).data?.policyArn],
    'access file': [accessHash, details.accessHash],
    'time of asking': [askedAt, asked && toInstant(asked.at)],
    'automatic rule': [automatic, details.automatic],
    emergency: [breakGlass, details.breakGlass],
    'grant it prolongs': [request.extends, details.extends],
  }
}

function decided(request: ReportedRequest, events: readonly LedgerEvent[]): Readonly<Record<string, Pair>> {
  const { grant, statements, decisions, duration, allowedDuration } = request
  const approved = first(events, 'approved')?.details
  const deciding = events.filter(({ details }) => details.decision !== undefined)
  return {
    grant: [grant, approved?.grant],
    // An approval of a policy attached as it is tells none, nor an older one: the answer has them from the access file.
    statements: statements && approved?.statements ? [statements, approved.statements] : NOT_TOLD,
    decisions: [
      decisions.map(({ approver, ...each }) => ({ ...each, by: { person: approver } })),
      deciding.map(({ details: { decision, comment, duration, via }, actor, at }) => ({
        ...{ decision, comment, duration, via },
        by: { ...actor },
        at: toInstant(at),
      })),
    ],
    'allowed duration': [allowedDuration, allowedBy(duration, deciding)],
  }
}

/** The shortest that an approver allowed, where that is shorter than what was asked for. */
function allowedBy(asked: string, deciding: readonly LedgerEvent[]): string | undefined {
  const seconds = (text: Json | undefined) => (typeof text === 'string' ? secondsOfIsoDuration(text) : undefined)
  const least = Math.min(...deciding.map(({ details }) => seconds(details.duration) ?? Number.POSITIVE_INFINITY))
  return least < (seconds(asked) ?? 0) ? toIsoDuration(least) : undefined
}

function ended(request: ReportedRequest, events: readonly LedgerEvent[]): Readonly<Record<string, Pair>> {
  const { status, endCause, receipt, extendedBy, debt } = request
  const over = first(events, 'ended')
  const reviewed = first(events, 'debt-closed')
  return {
    status: [status, statusByLedger(events)],
    'cause of its end': [endCause, over?.details.cause],
    receipt: [receipt, (over ?? first(events, 'failed'))?.details.receipt],
    'grants that prolong it': [extendedBy, extensionsOf(events)],
    review: [
      debt?.closed && { ...debt.closed, by: { person: debt.closed.by } },
      reviewed && {
        verdict: reviewed.details.verdict,
        comment: reviewed.details.comment,
        by: { ...reviewed.actor },
      },
    ],
  }
}

function first(events: readonly LedgerEvent[], type: EventType): LedgerEvent | undefined {
  return events.find(each => each.type === type)
}
