import { deciderOf } from './decider.ts'
import { DAY_SECONDS, lately } from './lately.ts'
import type { Judge } from './rule.ts'
import type { Thresholds } from './settings.ts'
import type { KnownAsk, TrackRecord } from './track-record.ts'

export const SAME_PAIR = { approvals: 15, share: 0.9 } as const satisfies Thresholds['same-pair']

const LOOKED_BACK_SECONDS = 28 * DAY_SECONDS

/**
 * One approver answers nearly always for the same requester, although others are asked each time. Judged by the requester's record;
 * found when it becomes true of all that is known, in whichever order that came, and again only after others had a larger part.
 */
export const samePair: Judge<Thresholds['same-pair']> = ({ event, request, record, before }, thresholds) => {
  const approver = deciderOf(event)
  const asks = approvedOf(record, thresholds)
  const isTheirs = asks.find(({ requestId }) => requestId === request.id)?.approvedBy?.includes(approver ?? '')
  if (approver === undefined || !isTheirs) return undefined
  if (isPair(approvedOf(before, thresholds), approver, thresholds) || !isPair(asks, approver, thresholds))
    return undefined
  return `approved ${byThem(asks, approver)} of the last ${asks.length} requests of ${request.requester}, each of which others were asked about too`
}

/** The asks of 28 days that one of several approved: the last of them, so that it does not matter how many are kept. */
function approvedOf({ asks }: TrackRecord, { approvals }: Thresholds['same-pair']): readonly KnownAsk[] {
  const approved = asks.filter(({ approvedBy }) => approvedBy)
  const last = approved.at(-1)
  return last ? lately(approved, last.at, LOOKED_BACK_SECONDS).slice(-2 * approvals) : []
}

function isPair(asks: readonly KnownAsk[], approver: string, { approvals, share }: Thresholds['same-pair']): boolean {
  return asks.length >= approvals && byThem(asks, approver) >= share * asks.length
}

function byThem(asks: readonly KnownAsk[], approver: string): number {
  return asks.filter(({ approvedBy }) => approvedBy?.includes(approver)).length
}
