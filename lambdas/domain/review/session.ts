import { secondsOfIsoDuration } from '../duration.ts'
import type { EventType, LedgerEvent } from '../ledger.ts'
import type { Parameters } from '../parameters.ts'
import type { EndCause, Grant, Request, Status } from '../request.ts'
import type { History } from './lens.ts'

/** One request as an auditor reads it: who, what, why, who agreed, and from when to when. A row of `sessions.csv`. */
export interface Session {
  readonly requestId: string
  readonly requester: string
  readonly entitlement: string
  readonly parameters: Parameters
  readonly reason: string
  readonly ticket?: string | undefined
  readonly rule: string
  /** The AWS-managed policy that was attached as it is, without a fence. */
  readonly asIs?: string | undefined
  /** Person ids, in the order they approved. */
  readonly approvers: readonly string[]
  readonly askedAt: Date
  readonly approvedAt?: Date | undefined
  /** When the access could first be used: attached, and its start reached. */
  readonly beganAt?: Date | undefined
  readonly plannedEnd?: Date | undefined
  /** When the access was over: at the fence's end, or at the proven removal if that came first or there was no fence. */
  readonly endedAt?: Date | undefined
  /** When IAM was read back without the policy. */
  readonly verifiedAt?: Date | undefined
  readonly cause?: EndCause | undefined
  readonly status: Status
  readonly requestedSeconds: number
  readonly grantedSeconds?: number | undefined
  /** From began to ended. */
  readonly heldSeconds?: number | undefined
  /** From the ask to the last approval. */
  readonly approvalSeconds?: number | undefined
  /** How long after the planned end the removal was proven; 0 when it was proven before. A fence allowed nothing in that time. */
  readonly latenessSeconds?: number | undefined
}

/** The row of a request, read from its state and its events. */
export function sessionOf({ request, events }: History): Session {
  const { id, requester, entitlement, parameters, reason, ticket, rule, decisions, askedAt, status, grant } = request
  const approvedAt = timeOf(events, 'approved')
  const approvers = decisions.flatMap(({ decision, approver }) => (decision === 'approve' ? [approver] : []))
  return {
    requestId: id,
    requester,
    entitlement,
    parameters,
    reason,
    ...(ticket !== undefined && { ticket }),
    rule,
    ...(request.asIs && { asIs: request.asIs.policyArn }),
    approvers,
    askedAt,
    ...(approvedAt && { approvedAt, approvalSeconds: secondsBetween(askedAt, approvedAt) }),
    status,
    requestedSeconds: requestedSeconds({ request, events }),
    ...(grant && spanOf(grant, timeOf(events, 'activated'), request)),
    ...(request.ending?.cause && { cause: request.ending.cause }),
  }
}

/** Whole seconds from one instant to another. */
export function secondsBetween(from: Date, to: Date): number {
  return Math.floor((to.getTime() - from.getTime()) / 1000)
}

function spanOf({ notBefore, notAfter }: Grant, activatedAt: Date | undefined, { ending, asIs }: Request) {
  const receipt = ending?.receipt
  const grantedSeconds = secondsBetween(notBefore, notAfter)
  const beganAt = activatedAt && later(activatedAt, notBefore)
  const began = { plannedEnd: notAfter, grantedSeconds, ...(beganAt && { beganAt }) }
  if (!receipt) return began
  const { verifiedAt } = receipt
  const endedAt = asIs ? verifiedAt : earlier(verifiedAt, notAfter)
  const heldSeconds = beganAt ? Math.max(0, secondsBetween(beganAt, endedAt)) : 0
  const latenessSeconds = Math.max(0, secondsBetween(notAfter, verifiedAt))
  return { ...began, ...(beganAt && { endedAt }), verifiedAt, heldSeconds, latenessSeconds }
}

/** What was asked for at first, from the ledger's first event: what became of the request later does not change it. */
function requestedSeconds({ request, events }: History): number {
  const asked = events[0]?.details.duration
  return (typeof asked === 'string' ? secondsOfIsoDuration(asked) : undefined) ?? request.durationSeconds
}

function timeOf(events: readonly LedgerEvent[], type: EventType): Date | undefined {
  return events.find(event => event.type === type)?.at
}

function later(a: Date, b: Date): Date {
  return a > b ? a : b
}

function earlier(a: Date, b: Date): Date {
  return a < b ? a : b
}
