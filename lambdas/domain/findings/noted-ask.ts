import { REFUSAL_CODES } from '../evaluate.ts'
import { plusSeconds } from '../instant.ts'
import type { EventType, LedgerEvent } from '../ledger.ts'
import type { Request } from '../request.ts'
import { DAY_SECONDS, inOrder } from './lately.ts'
import { OFF_HOURS } from './off-hours.ts'
import { hoursOf, isOffHours, nightsWith } from './off-hours-nights.ts'
import type { NewEvent } from './rule.ts'
import { wouldBeSeen } from './seen-by-trail.ts'
import type { KnownAsk, TrackRecord } from './track-record.ts'

/** How long asks are kept: 28 days are compared with today, and books are closed some hours after an end. */
export const ASKS_KEPT_SECONDS = 30 * DAY_SECONDS
export const MOST_ASKS = 130
/** Of those that were refused. They cost who asks nothing, so they are counted apart: no flood of them pushes out what was let in. */
export const MOST_REFUSED = 100
/** Entitlements a person is known to have had, the latest of them. */
export const MOST_HAD = 60
/** Approvers kept of one ask. */
const MOST_APPROVERS = 2

/** What an event makes of an ask; an event that is not here is not kept. */
const OUTCOME: Readonly<Partial<Record<EventType, KnownAsk['outcome'] | 'as-it-was'>>> = {
  asked: 'asked',
  refused: 'refused',
  decided: 'as-it-was',
  approved: 'granted',
  denied: 'denied',
  unanswered: 'other',
  cancelled: 'other',
  activated: 'granted',
  ended: 'ended',
  failed: 'other',
  'drift-removed': 'as-it-was',
  'books-closed': 'as-it-was',
}

/** The requester's record with this event of their request; undefined when it was noted before, or is of no kind that is kept. */
export function notedAsk(record: TrackRecord, occasion: NewEvent): TrackRecord | undefined {
  const { event, request } = occasion
  const outcome = OUTCOME[event.type]
  const known = record.asks.find(({ requestId }) => requestId === event.requestId)
  if (!outcome || (known && known.sequence >= event.sequence)) return undefined
  const before = known ?? firstOf(request)
  const ask: KnownAsk = {
    ...before,
    sequence: event.sequence,
    outcome: outcome === 'as-it-was' ? before.outcome : outcome,
    ...learnt(before, occasion),
  }
  const asks = inOrder(record.asks, known, ask)
  const from = plusSeconds(asks.at(-1)?.at ?? ask.at, -ASKS_KEPT_SECONDS)
  return {
    ...record,
    asks: latestOf(asks.filter(({ at }) => at > from)),
    had: event.type === 'activated' ? withHad(record.had, ask.entitlement, event.at) : record.had,
    ...offHoursWith(record, occasion),
  }
}

function latestOf(asks: readonly KnownAsk[]): readonly KnownAsk[] {
  const [refused, letIn] = [asks.filter(isRefused), asks.filter(ask => !isRefused(ask))]
  const kept = new Set([...refused.slice(-MOST_REFUSED), ...letIn.slice(-MOST_ASKS)])
  return asks.filter(ask => kept.has(ask))
}

function isRefused({ outcome }: KnownAsk): boolean {
  return outcome === 'refused'
}

/** Only what the person does themselves, and the beginning of what they get for it. */
function offHoursWith({ offHours = [] }: TrackRecord, { access, event, request }: NewEvent) {
  const isActive = event.type === 'asked' || event.type === 'refused' || event.type === 'activated'
  const hours = isActive ? hoursOf(access, request.requester) : undefined
  const { graceSeconds } = { ...OFF_HOURS, ...access.findings?.rules?.['off-hours'] }
  return hours && isOffHours(hours, event.at, graceSeconds) ? { offHours: nightsWith(offHours, event.at) } : {}
}

/** What a request says of itself, whichever of its events is the first that comes. */
function firstOf({ id, askedAt, entitlement, durationSeconds, extends: prolongs }: Request): KnownAsk {
  return {
    requestId: id,
    sequence: 0,
    at: askedAt,
    entitlement,
    outcome: 'asked',
    seconds: durationSeconds,
    ...(prolongs !== undefined && { extends: prolongs }),
  }
}

function learnt(before: KnownAsk, { access, event, events, request }: NewEvent): Partial<KnownAsk> {
  const { type, at, details } = event
  switch (type) {
    case 'asked':
    case 'refused': {
      const code = REFUSAL_CODES.find(each => each === details.code)
      return { ...(code && { code }), ...(typeof details.from === 'string' && { from: details.from }) }
    }
    case 'decided':
    case 'approved': {
      const { grant } = request
      const seconds = grant && (grant.notAfter.getTime() - grant.notBefore.getTime()) / 1000
      const approvedBy = chosen(event, events, request, before.approvedBy)
      return { ...(type === 'approved' && seconds !== undefined && { seconds }), ...(approvedBy && { approvedBy }) }
    }
    case 'activated':
      return { startedAt: at }
    case 'books-closed': {
      const { grantUse, isCut, regions } = details
      if (grantUse === 'used') return { isUnused: false }
      const lookedAt = Array.isArray(regions) ? regions.filter(region => typeof region === 'string') : []
      const isSure = grantUse === 'not-seen' && isCut === false && wouldBeSeen(access, request.entitlement, lookedAt)
      return isSure ? { isUnused: true } : {}
    }
    default:
      return {}
  }
}

/** Who has approved so far, where more were asked than the stage needs. */
function chosen(
  { actor, details: { decision, stage: name } }: LedgerEvent,
  events: readonly LedgerEvent[],
  { stages }: Request,
  before: readonly string[] = [],
): readonly string[] | undefined {
  if (decision !== 'approve' || !('person' in actor)) return undefined
  const { quorum = 1 } = stages.find(stage => stage.name === name) ?? {}
  const asked = new Set(
    events.flatMap(({ type, details }) =>
      type === 'approvers-asked' && details.stage === name && Array.isArray(details.approvers) ? details.approvers : [],
    ),
  )
  return asked.size > quorum ? [...before, actor.person].slice(-MOST_APPROVERS) : undefined
}

function withHad(had: TrackRecord['had'], entitlement: string, at: Date): TrackRecord['had'] {
  const last = had[entitlement]
  const all = Object.entries({ ...had, [entitlement]: last && last > at ? last : at })
  return Object.fromEntries(all.sort(([, a], [, b]) => a.getTime() - b.getTime()).slice(-MOST_HAD))
}
