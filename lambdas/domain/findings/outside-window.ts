import type { Judge } from './rule.ts'
import type { Thresholds } from './settings.ts'

export const OUTSIDE_WINDOW = {} as const satisfies Thresholds['outside-window']

/** CloudTrail shows actions of the grant before it began or after it ended. */
export const outsideWindow: Judge<Thresholds['outside-window']> = ({ event, request }) => {
  const { violations } = event.details
  if (typeof violations !== 'number' || violations === 0) return undefined
  const actions = violations === 1 ? 'one action' : `${violations} actions`
  return `did ${actions} of ${request.entitlement} outside the window of the grant`
}
