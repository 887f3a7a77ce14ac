import type { Request } from './request.ts'

/** What was decided of earlier requests for the same entitlement, by anybody. */
export interface SimilarRequests {
  readonly approved: number
  readonly denied: number
  readonly unanswered: number
  /** From the ask to the answer that settled it, in seconds; of those that people answered. */
  readonly medianAnswerSeconds?: number | undefined
  /** Whether there may have been more than were looked at. */
  readonly isCut: boolean
}

/** Counts what became of requests: those that are open, taken back or broke are in no count. */
export function similarRequests(requests: readonly Request[], isCut: boolean): SimilarRequests {
  const answers = requests.flatMap(({ askedAt, decisions, grant, status }) => {
    const last = decisions.at(-1)
    return last && (grant || status === 'DENIED') ? [(last.at.getTime() - askedAt.getTime()) / 1000] : []
  })
  const medianAnswerSeconds = median(answers)
  return {
    approved: requests.filter(({ grant }) => grant !== undefined).length,
    denied: requests.filter(({ status }) => status === 'DENIED').length,
    unanswered: requests.filter(({ status }) => status === 'UNANSWERED').length,
    ...(medianAnswerSeconds !== undefined && { medianAnswerSeconds }),
    isCut,
  }
}

/** The middle one, or of an even number the lower of the two in the middle, which is a value there was. */
function median(values: readonly number[]): number | undefined {
  return values.toSorted((one, other) => one - other)[Math.ceil(values.length / 2) - 1]
}
