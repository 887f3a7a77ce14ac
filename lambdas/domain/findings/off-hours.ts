import { toInstant } from '../instant.ts'
import { lately } from './lately.ts'
import { hoursOf, isOffHours, NIGHTS_KEPT_SECONDS } from './off-hours-nights.ts'
import type { Judge } from './rule.ts'
import type { Thresholds } from './settings.ts'

export const OFF_HOURS = { graceSeconds: 2 * 3600, after: 20, usual: 1 } as const satisfies Thresholds['off-hours']

/**
 * Asked, or come into force, at an hour that is no working hour where the person is, by somebody who is hardly ever there then. Once a
 * night; who is on call is known for it after the first.
 */
export const offHours: Judge<Thresholds['off-hours']> = (
  { access, event: { type, at }, request: { id, requester }, record },
  { graceSeconds, after, usual },
) => {
  const hours = hoursOf(access, requester)
  if (!hours || !isOffHours(hours, at, graceSeconds)) return undefined
  const known = (record.offHours ?? []).map(night => ({ at: night }))
  const nights = lately(known, at, NIGHTS_KEPT_SECONDS)
  const before = nights.filter(night => night.at.getTime() !== at.getTime())
  const isNewNight = before.length < nights.length
  const isKnown = record.asks.filter(({ requestId }) => requestId !== id).length >= after
  if (!isNewNight || !isKnown || before.length >= usual) return undefined
  const what = type === 'activated' ? 'had it come into force' : 'asked'
  const seen = before.length === 0 ? 'never' : before.length === 1 ? 'once' : `${before.length} times`
  return `${what} at ${toInstant(at)}, off hours in ${hours.timezone}; ${seen} before in 91 days`
}
