import { plusSeconds } from '../instant.ts'
import { DAY_SECONDS, dayInWords, dayOf, lately, zoneOf } from './lately.ts'
import type { Judge } from './rule.ts'
import type { Thresholds } from './settings.ts'

export const REQUEST_SPIKE = { factor: 4, least: 12 } as const satisfies Thresholds['request-spike']

/** Until so many days are known, that many asks a day are held to be usual: whoever begins asks for much. */
const KNOWN_DAYS = 5
const USUAL_OF_NEW = 5

/** Compared with this many days before today. */
const USUAL_SECONDS = 28 * DAY_SECONDS

/** More asks on one day than is usual on a day on which the person asks at all. */
export const requestSpike: Judge<Thresholds['request-spike']> = (
  { access, event, request: { requester }, record },
  { factor, least },
) => {
  const soon = lately(record.asks, plusSeconds(event.at, DAY_SECONDS), 2 * DAY_SECONDS)
  if (soon.length < least) return undefined
  const zone = zoneOf(access, requester)
  const today = dayOf(event.at, zone)
  // Of one day all is counted that was noted, whichever ask of it is shown last.
  const until = soon.findLast(({ at }) => dayOf(at, zone) === today)?.at ?? event.at
  const days = lately(record.asks, until, USUAL_SECONDS + DAY_SECONDS).map(({ at }) => dayOf(at, zone))
  const asked = days.filter(day => day === today).length
  const before = days.filter(day => day !== today)
  const daysBefore = new Set(before).size
  const mean = before.length / Math.max(1, daysBefore)
  const usual = Math.max(daysBefore < KNOWN_DAYS ? USUAL_OF_NEW : 1, mean)
  if (asked < least || asked < factor * usual) return undefined
  return `asked ${asked} times on ${dayInWords(today)}; ${usual.toFixed(1)} a day is usual`
}
