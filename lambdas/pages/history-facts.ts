import type { RequesterHistory } from '../domain/earlier-requests.ts'
import type { SimilarRequests } from '../domain/similar-requests.ts'
import type { ApproverView } from './request-view.ts'
import { durationWords, type Reader, readerTimes } from './times.ts'

/** A `Fact` of sentences. */
interface Said {
  readonly label: string
  readonly values: readonly string[]
}

/** What came before a request: of the requester, and of the entitlement. */
export function historyFacts({ history, similar }: ApproverView, reader: Reader): readonly Said[] {
  return [
    ...(history ? [{ label: 'History', values: historyLines(history, reader) }] : []),
    ...(similar ? [{ label: 'Requests like this', values: similarLines(similar) }] : []),
  ]
}

function historyLines(
  { askedLast90Days, grantedLast90Days, lastAskedAt, isCut }: RequesterHistory,
  reader: Reader,
): readonly string[] {
  const last = lastAskedAt ? `Last asked ${readerTimes(lastAskedAt, reader.timezone)}` : 'Not asked before in that time'
  const counts = `Asked ${times(askedLast90Days)}, granted ${times(grantedLast90Days)} in the last 90 days`
  return [counts, last, ...cutLine(isCut)]
}

function similarLines({
  approved,
  denied,
  unanswered,
  medianAnswerSeconds,
  isCut,
}: SimilarRequests): readonly string[] {
  const counts = `Of this entitlement in the last 90 days: ${approved} approved, ${denied} denied, ${unanswered} unanswered`
  const median =
    medianAnswerSeconds === undefined ? [] : [`Half of the answers came within ${durationWords(medianAnswerSeconds)}`]
  return [counts, ...median, ...cutLine(isCut)]
}

function cutLine(isCut: boolean | undefined): readonly string[] {
  return isCut ? ['Only the latest are counted; there may be more'] : []
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`
}
