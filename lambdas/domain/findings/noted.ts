import { deciderOf } from './decider.ts'
import { notedAsk } from './noted-ask.ts'
import { notedDecision } from './noted-decision.ts'
import type { NewEvent } from './rule.ts'
import type { TrackRecord } from './track-record.ts'

/**
 * The record with an event in it: of its subject's own request, or of a request its subject decided on. Events of one request come in
 * their order, those of different requests in any.
 *
 * @returns undefined when the event was noted before, or says nothing that is kept.
 */
export function noted(record: TrackRecord, occasion: NewEvent): TrackRecord | undefined {
  const { event, request } = occasion
  const after =
    request.requester === record.subject
      ? notedAsk(record, occasion)
      : deciderOf(event) === record.subject
        ? notedDecision(record, occasion)
        : undefined
  return after && { ...after, since: earlier(record.since, event.at) }
}

function earlier(one: Date | undefined, other: Date): Date {
  return one && one < other ? one : other
}
