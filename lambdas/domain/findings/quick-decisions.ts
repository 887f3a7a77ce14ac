import { lately, WEEK_SECONDS } from './lately.ts'
import type { Judge } from './rule.ts'
import type { Thresholds } from './settings.ts'

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
  const approvals = lately(record.decisions, event.at, WEEK_SECONDS).filter(({ decision }) => decision === 'approve')
  const quick = approvals.filter(({ afterSeconds }) => afterSeconds <= withinSeconds)
  const isThisOne = quick.some(each => each.requestId === event.requestId && each.sequence === event.sequence)
  if (!isThisOne || quick.length < least || quick.length <= share * approvals.length) return undefined
  return `approved ${quick.length} of ${approvals.length} requests within ${withinSeconds} seconds of being asked, in seven days`
}
