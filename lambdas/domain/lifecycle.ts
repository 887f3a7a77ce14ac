import type { Actor } from './actor.ts'
import { toIsoDuration } from './duration.ts'
import type { EscalationCause } from './escalation.ts'
import type { Allowed, Ask, Refused } from './evaluate.ts'
import { stageJson } from './grant.ts'
import { toInstant } from './instant.ts'
import { chained, type Details, type EventType, GENESIS, type LedgerEvent } from './ledger.ts'
import type { OffHours } from './off-hours.ts'
import type { EndCause, Principal, Receipt, Request, Status } from './request.ts'

/**
 * One step of a request: what it was, what it becomes, and the event that says so. A store writes `to` and `event` in one
 * transaction, on the condition that the stored request still is `from`; so of two steps from one state exactly one is taken.
 */
export interface Transition {
  readonly from: Request
  readonly to: Request
  readonly event: LedgerEvent
}

/** A request's first moment: there is no `from`. */
export type Beginning = Omit<Transition, 'from'>

export interface Asked {
  readonly id: string
  readonly requester: string
  readonly principal: Principal
  readonly ask: Ask
  readonly reason: string
  readonly ticket?: string | undefined
  readonly accessHash: string
  readonly at: Date
  /** Address the ask came from. */
  readonly from?: string | undefined
}

const UNKNOWN_DURATION = 0

/** A request that the access file lets in: PENDING. */
export function begin(asked: Asked, allowed: Allowed, answerBy: Date, offHours?: OffHours): Beginning {
  const { rule, stages, durationSeconds, automatic, emergency, asIs } = allowed
  const byRule = automatic === undefined ? {} : { automatic }
  const attached = asIs ? { asIs } : {}
  return first(asked, { status: 'PENDING', rule, stages, durationSeconds, answerBy, ...byRule, ...attached }, 'asked', {
    rule,
    stages: stages.map(stageJson),
    ...byRule,
    ...(asIs && { asIs: { ...asIs } }),
    openDebt: emergency?.openDebt?.requestId,
    offHours: offHours && { ...offHours },
  })
}

/** A request that the access file refuses: recorded, and over. */
export function refuse(asked: Asked, { rule, code, detail, wouldPass }: Refused): Beginning {
  const durationSeconds = asked.ask.durationSeconds ?? UNKNOWN_DURATION
  return first(asked, { status: 'REFUSED', rule, stages: [], durationSeconds, answerBy: asked.at }, 'refused', {
    rule,
    code,
    detail,
    wouldPass,
  })
}

/** What a step from one status to the next needs: the statuses it starts from, the event, the fields it changes. */
interface Step {
  readonly at: Date
  readonly actor: Actor
  readonly type: EventType
  readonly details: Details
  readonly change?: Partial<
    Pick<Request, 'status' | 'decisions' | 'stages' | 'answerBy' | 'grant' | 'debt' | 'endOrder' | 'ending' | 'books'>
  >
}

type Note =
  | 'approvers-asked'
  | 'approvers-reminded'
  | 'link-voided'
  | 'mail-failed'
  | 'mail-bounced'
  | 'second-look'
  | 'drift-removed'
  | 'end-announced'
  | 'extension-asked'

/** A fact that leaves the status as it is. */
export function note(
  request: Request,
  fact: Pick<Step, 'at' | 'actor' | 'details'> & { readonly type: Note },
): Transition {
  return step(request, fact)
}

/** The requester takes a pending request back. */
export function cancel(request: Request, by: string, at: Date): Transition {
  return step(request, { at, actor: { person: by }, type: 'cancelled', details: {}, change: { status: 'CANCELLED' } })
}

/** Others are asked too: from here on they answer in this stage as those who were asked first do. */
export function escalate(
  request: Request,
  { stage, to, why }: { readonly stage: string; readonly to: readonly string[]; readonly why: EscalationCause },
  at: Date,
): Transition {
  const stages = request.stages.map(each =>
    each.name === stage ? { ...each, approvers: [...new Set([...each.approvers, ...to])], escalatedAt: at } : each,
  )
  return step(request, {
    at,
    actor: { service: 'ladder' },
    type: 'escalated',
    details: { stage, to, why },
    change: { stages },
  })
}

/** Nobody answered in time. */
export function giveUp(request: Request, at: Date): Transition {
  return step(request, {
    at,
    actor: { service: 'ladder' },
    type: 'unanswered',
    details: {},
    change: { status: 'UNANSWERED' },
  })
}

/** The policy is attached and was read back: the grant is in force. */
export function activate(request: Request, at: Date): Transition {
  return step(request, {
    at,
    actor: { service: 'applier' },
    type: 'activated',
    details: {},
    change: { status: 'ACTIVE' },
  })
}

/**
 * Somebody ends the grant before its time. Written before anything is removed: from here on nothing is issued or attached for it, and
 * if the removal breaks off, whoever finishes it knows why it was.
 */
export function orderEnd(request: Request, cause: EndCause, by: Actor, at: Date, reason?: string): Transition {
  const details = { cause, reason }
  return step(request, { at, actor: by, type: 'end-ordered', details, change: { endOrder: { cause, by } } })
}

/** The access is gone and that is proven. */
export function end(request: Request, cause: EndCause, receipt: Receipt, actor: Actor): Transition {
  const details = {
    cause,
    receipt: receiptJson(receipt),
    plannedEnd: request.grant && toInstant(request.grant.notAfter),
  }
  return step(request, {
    at: receipt.verifiedAt,
    actor,
    type: 'ended',
    details,
    change: { status: 'ENDED', ending: { cause, receipt } },
  })
}

/** The grant never came into force. With a receipt when there was something that could have been left behind. */
export function fail(request: Request, why: string, at: Date, actor: Actor, receipt?: Receipt): Transition {
  const details = { why, receipt: receipt && receiptJson(receipt) }
  return step(request, {
    at,
    actor,
    type: 'failed',
    details,
    change: { status: 'FAILED', ...(receipt && { ending: { receipt } }) },
  })
}

/** A receipt as it stands in events and answers. */
export function receiptJson({ policyArn, verifiedAt, policy, detached }: Receipt) {
  return { policyArn, verifiedAt: toInstant(verifiedAt), policy, detached }
}

const STATUS_AFTER: Readonly<Partial<Record<EventType, Status>>> = {
  asked: 'PENDING',
  refused: 'REFUSED',
  approved: 'APPROVED',
  denied: 'DENIED',
  unanswered: 'UNANSWERED',
  cancelled: 'CANCELLED',
  activated: 'ACTIVE',
  ended: 'ENDED',
  failed: 'FAILED',
}

/** The status a request has by its events, whatever the stored request says. */
export function statusByLedger(events: readonly LedgerEvent[]): Status | undefined {
  return events.flatMap(({ type }) => STATUS_AFTER[type] ?? []).at(-1)
}

const NEXT: Readonly<Record<Status, readonly Status[]>> = {
  PENDING: ['APPROVED', 'DENIED', 'UNANSWERED', 'CANCELLED', 'FAILED'],
  APPROVED: ['ACTIVE', 'ENDED', 'FAILED'],
  ACTIVE: ['ENDED'],
  ENDED: [],
  REFUSED: [],
  DENIED: [],
  UNANSWERED: [],
  CANCELLED: [],
  FAILED: [],
}

/** Whether a request may go from one status to another. */
export function mayBecome(from: Status, to: Status): boolean {
  return NEXT[from].includes(to)
}

/** One step, checked against what a request may become. */
export function step(from: Request, { type, at, actor, details, change = {} }: Step): Transition {
  if (change.status && !mayBecome(from.status, change.status)) {
    throw new RangeError(`request ${from.id} is ${from.status} and cannot become ${change.status}`)
  }
  const event = chained(from.id, from.lastEvent, { type, at, actor, details })
  return { from, event, to: { ...from, ...change, lastEvent: { sequence: event.sequence, hash: event.hash } } }
}

function first(
  asked: Asked,
  judged: Pick<Request, 'status' | 'rule' | 'stages' | 'durationSeconds' | 'answerBy' | 'automatic' | 'asIs'>,
  type: EventType,
  details: Details,
): Beginning {
  const { id, requester, principal, ask, reason, ticket, accessHash, at, from } = asked
  const event = chained(id, GENESIS, {
    type,
    at,
    actor: { person: requester },
    details: {
      entitlement: ask.entitlement,
      parameters: ask.parameters,
      duration: toIsoDuration(judged.durationSeconds),
      earliestStart: ask.earliestStart && toInstant(ask.earliestStart),
      breakGlass: ask.isBreakGlass || undefined,
      extends: ask.extends,
      reason,
      ticket,
      principal: principal.arn,
      session: principal.session && { ...principal.session },
      accessHash,
      from,
      ...details,
    },
  })
  const to: Request = {
    id,
    requester,
    principal,
    entitlement: ask.entitlement,
    parameters: ask.parameters,
    reason,
    ...(ticket !== undefined && { ticket }),
    ...(ask.earliestStart && { earliestStart: ask.earliestStart }),
    ...(ask.isBreakGlass && { isBreakGlass: true }),
    ...(ask.extends !== undefined && { extends: ask.extends }),
    askedAt: at,
    ...(from !== undefined && { from }),
    accessHash,
    ...judged,
    decisions: [],
    lastEvent: { sequence: event.sequence, hash: event.hash },
  }
  return { to, event }
}
