import { spansAround, WEEK_SECONDS } from './lately.ts'
import type { Judge } from './rule.ts'
import type { Thresholds } from './settings.ts'
import type { KnownDecision } from './track-record.ts'

export const QUICK_DECISIONS = {
  withinSeconds: 15,
  least: 5,
  share: 0.2,
} as const satisfies Thresholds['quick-decisions']

/** Approves before anybody could have read what is asked, and not just once. */
export const quickDecisions: Judge<Thresholds['quick-decisions']> = (
  { event, record },
  { withinSeconds, least, share },
) => {
  const isQuick = ({ afterSeconds }: KnownDecision) => afterSeconds <= withinSeconds
  const approved = record.decisions.filter(({ decision }) => decision === 'approve')
  const isThisOne = approved.some(
    each => each.requestId === event.requestId && each.sequence === event.sequence && isQuick(each),
  )
  if (!isThisOne) return undefined
  for (const approvals of spansAround(approved, event.at, WEEK_SECONDS)) {
    const quick = approvals.filter(isQuick).length
    if (quick >= least && quick > share * approvals.length)
      return `approved ${quick} of ${approvals.length} requests within ${withinSeconds} seconds of being asked, in seven days`
  }
  return undefined
}
