import type { Actor } from './actor.ts'
import { toIsoDuration } from './duration.ts'
import type { Allowed, Ask, Refused } from './evaluate.ts'
import { approvalHash, grantJson, intend } from './grant.ts'
import { isOver, plusSeconds, toInstant } from './instant.ts'
import { chained, type Details, type EventType, GENESIS, type LedgerEvent } from './ledger.ts'
import type { Statement } from './parameters.ts'
import type { AskedStage, Decision, EndCause, Principal, Receipt, Request, Status } from './request.ts'
import { standing } from './stages.ts'

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
}

const UNKNOWN_DURATION = 0

/** A request that the access file lets in: PENDING. */
export function begin(asked: Asked, allowed: Allowed, unansweredAfterSeconds: number): Beginning {
  const { rule, stages, durationSeconds } = allowed
  return first(
    asked,
    { status: 'PENDING', rule, stages, durationSeconds, answerBy: plusSeconds(asked.at, unansweredAfterSeconds) },
    'asked',
    {
      rule,
      stages: stages.map(stage => ({ ...stage })),
    },
  )
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
  readonly change?: Partial<Pick<Request, 'status' | 'decisions' | 'grant' | 'endOrder' | 'ending'>>
}

type Note = 'approvers-asked' | 'approvers-reminded' | 'link-voided' | 'mail-failed' | 'second-look' | 'drift-removed'

/** A fact that leaves the status as it is. */
export function note(
  request: Request,
  fact: Pick<Step, 'at' | 'actor' | 'details'> & { readonly type: Note },
): Transition {
  return step(request, fact)
}

export type Deciding =
  | { readonly outcome: 'decided'; readonly transition: Transition; readonly verdict: 'open' | 'approved' | 'denied' }
  | { readonly outcome: 'refused'; readonly why: DecisionRefusal; readonly detail: string }

/** What the access file of today says of a request, and the hash of what that shows. */
export interface Today {
  readonly hash: string
  readonly statements: readonly Statement[]
  readonly stages: readonly AskedStage[]
}

export type DecisionRefusal =
  | 'not-pending'
  | 'too-late'
  | 'own-request'
  | 'not-an-approver'
  | 'already-decided'
  | 'changed-since-shown'

/**
 * An approver's answer. On the approval that completes the last stage the grant is fixed in the same step: the intent is durable
 * before any IAM call, and its hash stands in the event.
 *
 * Invariant: a person never approves themselves, whatever the stages say.
 */
export function decide(request: Request, decision: Decision, today: Today): Deciding {
  const refused = (why: DecisionRefusal, detail: string): Deciding => ({ outcome: 'refused', why, detail })
  if (request.status !== 'PENDING') return refused('not-pending', `the request is ${request.status}`)
  if (isOver(request.answerBy, decision.at)) return refused('too-late', 'the time to answer is over')
  if (decision.approver === request.requester) return refused('own-request', 'nobody decides on their own request')
  if (decision.seen !== today.hash) return refused('changed-since-shown', 'the request is not what was shown')
  const before = standing(request.stages, request.decisions)
  if (before.outcome !== 'open') return refused('not-pending', 'every stage is answered')
  const { name } = before.stage
  const mayToday = today.stages.some(stage => stage.name === name && stage.approvers.includes(decision.approver))
  if (!before.stage.approvers.includes(decision.approver) || !mayToday) {
    return refused('not-an-approver', `${decision.approver} is no approver of stage ${before.stage.name}`)
  }
  if (request.decisions.some(({ approver }) => approver === decision.approver)) {
    return refused('already-decided', `${decision.approver} has decided`)
  }

  const decisions = [...request.decisions, decision]
  const verdict = standing(request.stages, decisions).outcome
  const { at, approver, comment, seen } = decision
  const actor = { person: approver }
  const details = { decision: decision.decision, stage: before.stage.name, comment, seen }
  if (verdict === 'open') {
    const transition = step(request, { at, actor, type: 'decided', details, change: { decisions } })
    return { outcome: 'decided', verdict, transition }
  }
  if (verdict === 'denied') {
    const transition = step(request, { at, actor, type: 'denied', details, change: { decisions, status: 'DENIED' } })
    return { outcome: 'decided', verdict, transition }
  }
  const grant = intend(request, today.statements, at)
  const approved = { ...details, grant: grantJson(grant), approvalHash: approvalHash({ ...request, decisions }, grant) }
  const transition = step(request, {
    at,
    actor,
    type: 'approved',
    details: approved,
    change: { decisions, grant, status: 'APPROVED' },
  })
  return { outcome: 'decided', verdict, transition }
}

/** The requester takes a pending request back. */
export function cancel(request: Request, by: string, at: Date): Transition {
  return step(request, { at, actor: { person: by }, type: 'cancelled', details: {}, change: { status: 'CANCELLED' } })
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
export function orderEnd(request: Request, cause: EndCause, by: Actor, at: Date): Transition {
  return step(request, { at, actor: by, type: 'end-ordered', details: { cause }, change: { endOrder: { cause, by } } })
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

function step(from: Request, { type, at, actor, details, change = {} }: Step): Transition {
  if (change.status && !mayBecome(from.status, change.status)) {
    throw new RangeError(`request ${from.id} is ${from.status} and cannot become ${change.status}`)
  }
  const event = chained(from.id, from.lastEvent, { type, at, actor, details })
  return { from, event, to: { ...from, ...change, lastEvent: { sequence: event.sequence, hash: event.hash } } }
}

function first(
  asked: Asked,
  judged: Pick<Request, 'status' | 'rule' | 'stages' | 'durationSeconds' | 'answerBy'>,
  type: EventType,
  details: Details,
): Beginning {
  const { id, requester, principal, ask, reason, ticket, accessHash, at } = asked
  const event = chained(id, GENESIS, {
    type,
    at,
    actor: { person: requester },
    details: {
      entitlement: ask.entitlement,
      parameters: ask.parameters,
      duration: toIsoDuration(judged.durationSeconds),
      earliestStart: ask.earliestStart && toInstant(ask.earliestStart),
      reason,
      ticket,
      principal: principal.arn,
      accessHash,
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
    askedAt: at,
    accessHash,
    ...judged,
    decisions: [],
    lastEvent: { sequence: event.sequence, hash: event.hash },
  }
  return { to, event }
}
