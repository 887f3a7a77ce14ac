import { isOver, plusSeconds } from '../instant.ts'
import { lately } from './lately.ts'
import { DECISIONS_KEPT_SECONDS } from './noted-decision.ts'
import type { Judge } from './rule.ts'
import type { Thresholds } from './settings.ts'
import type { TrackRecord } from './track-record.ts'

export const ALWAYS_APPROVES = { decisions: 100 } as const satisfies Thresholds['always-approves']

/**
 * Never says no. Found when it becomes true of all that is known, in whichever order that came, and again only after a denial, or after
 * a pause that made the decisions fewer.
 */
export const alwaysApproves: Judge<Thresholds['always-approves']> = ({ record, before }, { decisions }) => {
  if (isAlways(before, decisions) || !isAlways(record, decisions)) return undefined
  return `approved each of at least ${decisions} requests decided on within 91 days`
}

/** Fewer decisions are kept than somebody may make in 91 days; the last denial is kept beside them. */
function isAlways({ decisions: known, deniedAt }: TrackRecord, decisions: number): boolean {
  const at = known.at(-1)?.at
  if (!at) return false
  const hasDenied = deniedAt !== undefined && !isOver(plusSeconds(deniedAt, DECISIONS_KEPT_SECONDS), at)
  return !hasDenied && lately(known, at, DECISIONS_KEPT_SECONDS).length >= decisions
}
