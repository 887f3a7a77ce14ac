import { someOf } from './lately.ts'
import type { Judge } from './rule.ts'
import type { Thresholds } from './settings.ts'

export const DRIFT = {} as const satisfies Thresholds['drift']

/** Somebody other than Lapse attached, detached or changed the policy of a grant. */
export const drift: Judge<Thresholds['drift']> = ({ event: { type, details }, request }) => {
  if (type === 'ended')
    return details.cause === 'external' ? `the grant of ${request.entitlement} was ended by somebody else` : undefined
  const holders = Array.isArray(details.from) ? details.from.filter(holder => typeof holder === 'string') : []
  return `the policy of the grant of ${request.entitlement} was attached to ${someOf(new Set(holders)) || 'others'}, and was taken away there`
}
