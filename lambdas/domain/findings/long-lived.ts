import { isOver, plusSeconds } from '../instant.ts'
import { DAY_SECONDS, dayOf, zoneOf } from './lately.ts'
import { isRisky } from './risky.ts'
import type { Judge } from './rule.ts'
import type { Thresholds } from './settings.ts'
import type { KnownAsk } from './track-record.ts'

export const LONG_LIVED = { risk: 'medium', days: 20 } as const satisfies Thresholds['long-lived']

const LOOKED_BACK_SECONDS = 28 * DAY_SECONDS

/**
 * The same entitlement on so many days that it is a standing right in disguise. Found on the day on which the number is reached, and
 * again only after it was below: the days after say nothing new.
 */
export const longLived: Judge<Thresholds['long-lived']> = ({ access, event, request, record }, { risk, days }) => {
  const { entitlement, requester } = request
  if (!isRisky(access, entitlement, risk)) return undefined
  const grants = record.asks.filter(ask => ask.entitlement === entitlement && ask.startedAt)
  if (grants.length * MOST_DAYS_OF_A_GRANT < days) return undefined
  const zone = zoneOf(access, requester)
  const before = grants.filter(({ requestId }) => requestId !== request.id)
  const today = dayOf(event.at, zone)
  const last = before.findLast(({ startedAt }) => startedAt && isOver(startedAt, event.at))
  if (last?.startedAt && dayOf(last.startedAt, zone) === today) return undefined
  const now = daysOf(grants, event.at, zone)
  if (now < days) return undefined
  const wasSo =
    daysOf(before, event.at, zone) >= days || daysOf(before, plusSeconds(event.at, -DAY_SECONDS), zone) >= days
  if (wasSo) return undefined
  return `had ${entitlement} in force on ${now} of the last 28 days`
}

/** A grant lasts twelve hours at most. */
const MOST_DAYS_OF_A_GRANT = 2

/** On how many days of the last 28 one of the grants was in force. */
function daysOf(grants: readonly KnownAsk[], until: Date, zone: string): number {
  const from = plusSeconds(until, -LOOKED_BACK_SECONDS)
  const instants = grants.flatMap(({ startedAt, seconds }) =>
    startedAt ? [startedAt, plusSeconds(startedAt, seconds - 1)] : [],
  )
  return new Set(instants.filter(at => at > from && isOver(at, until)).map(at => dayOf(at, zone))).size
}
