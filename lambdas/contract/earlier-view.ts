import { toIsoDuration } from '../domain/duration.ts'
import type { EarlierRequests } from '../domain/earlier-requests.ts'
import { toInstant } from '../domain/instant.ts'

/** What came before, as answers of the API give it. */
export function earlierView({ history, similar }: EarlierRequests) {
  const { askedLast90Days: asked, grantedLast90Days: granted, lastAskedAt, isCut: historyIsCut = false } = history
  const { approved, denied, unanswered, medianAnswerSeconds, isCut } = similar
  return {
    history: { asked, granted, lastAskedAt: lastAskedAt && toInstant(lastAskedAt), isCut: historyIsCut },
    similar: {
      approved,
      denied,
      unanswered,
      medianAnswer: medianAnswerSeconds === undefined ? undefined : toIsoDuration(medianAnswerSeconds),
      isCut,
    },
  }
}
