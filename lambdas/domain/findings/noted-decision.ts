import { plusSeconds } from '../instant.ts'
import type { LedgerEvent } from '../ledger.ts'
import { DAY_SECONDS, inOrder } from './lately.ts'
import type { NewEvent } from './rule.ts'
import type { KnownDecision, TrackRecord } from './track-record.ts'

/** How long decisions are kept, and how many. */
export const DECISIONS_KEPT_SECONDS = 91 * DAY_SECONDS
export const MOST_DECISIONS = 110

/** The decider's record with this decision; undefined when it has it already. */
export function notedDecision(record: TrackRecord, { event, events, request }: NewEvent): TrackRecord | undefined {
  const { requestId, sequence, at, details } = event
  if (record.decisions.some(known => known.requestId === requestId && known.sequence === sequence)) return undefined
  const decision: KnownDecision = {
    requestId,
    sequence,
    at,
    requester: request.requester,
    entitlement: request.entitlement,
    decision: details.decision === 'approve' ? 'approve' : 'deny',
    afterSeconds: (at.getTime() - askedWhen(record.subject, event, events).getTime()) / 1000,
    ...(typeof details.from === 'string' && !isStaged(event, events) && { from: details.from }),
  }
  const decisions = inOrder(record.decisions, undefined, decision)
  const from = plusSeconds(decisions.at(-1)?.at ?? at, -DECISIONS_KEPT_SECONDS)
  const kept = decisions.filter(each => each.at > from).slice(-MOST_DECISIONS)
  const isDenial = decision.decision === 'deny'
  return { ...record, decisions: kept, ...(isDenial && { deniedAt: latest(record.deniedAt, at) }) }
}

/**
 * A denial from where it was asked says nothing of where the approver is: whoever has their mailbox could deny themselves once, and be
 * known from then on.
 */
function isStaged({ details: { decision, from } }: LedgerEvent, [asked]: readonly LedgerEvent[]): boolean {
  return decision !== 'approve' && from === asked?.details.from
}

function latest(one: Date | undefined, other: Date): Date {
  return one && one > other ? one : other
}

/** When this approver was first mailed about the stage; when the request was asked, if no mail is known. */
function askedWhen(approver: string, { at, details: { stage } }: LedgerEvent, events: readonly LedgerEvent[]): Date {
  const mails = events.filter(({ type, details }) => {
    const isMail = type === 'approvers-asked' || type === 'approvers-reminded'
    return isMail && details.stage === stage && isAmong(details.approvers, approver)
  })
  return mails[0]?.at ?? events[0]?.at ?? at
}

function isAmong(people: unknown, person: string): boolean {
  return Array.isArray(people) && people.includes(person)
}
