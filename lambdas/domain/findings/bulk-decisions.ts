import { inWords, spansAround } from './lately.ts'
import type { Judge } from './rule.ts'
import type { Thresholds } from './settings.ts'

export const BULK_DECISIONS = { decisions: 8, withinSeconds: 300 } as const satisfies Thresholds['bulk-decisions']

/** Works through a heap: so many answers in so few minutes that none of them was weighed. */
export const bulkDecisions: Judge<Thresholds['bulk-decisions']> = ({ event, record }, { decisions, withinSeconds }) => {
  const burst = spansAround(record.decisions, event.at, withinSeconds).find(({ length }) => length >= decisions)
  return burst && `decided on ${burst.length} requests within ${inWords(withinSeconds)}`
}
