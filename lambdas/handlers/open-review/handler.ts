import { openReview } from '../../application/open-review.ts'
import type { Clock } from '../../application/ports/chance.ts'
import type { ReviewStarter, ReviewStore } from '../../application/ports/review-store.ts'
import { $ReviewBody } from '../../contract/review.ts'
import { toInstant } from '../../domain/instant.ts'
import { quarterOf } from '../../domain/period.ts'
import { type ApiAnswer, type ApiEvent, json } from '../../runtime/api.ts'
import { bodyText, jsonBody } from '../../runtime/body.ts'
import { ProblemError } from '../../runtime/problem.ts'
import { type ProvenCallerDeps, provenAuditorOf } from '../../runtime/proven-caller.ts'

export interface OpenReviewHandlerDeps extends ProvenCallerDeps {
  readonly reviews: ReviewStore
  readonly starter: ReviewStarter
  readonly clock: Clock
}

/** `POST /reviews`: opens the next version of a period's review and starts its production. An empty body means the current quarter. */
export function createHandler(deps: OpenReviewHandlerDeps) {
  const { access, reviews, starter, clock } = deps
  return async (event: ApiEvent): Promise<ApiAnswer> => {
    const caller = await provenAuditorOf(event, deps, 'open reviews')
    const now = clock.now()
    const body = bodyText(event).trim() === '' ? {} : jsonBody(event, $ReviewBody)
    const period = body.period ?? quarterOf(now, access.timezone)
    const opened = await openReview(deps, { period, requestedBy: caller.person.id }, now)
    if (opened.outcome === 'unknown-period') {
      const detail = `${period} names no period of the calendar.`
      throw new ProblemError({
        status: 400,
        code: 'unknown-period',
        detail,
        wouldPass: '2026-Q4, or days such as 2026-10-01..2026-10-15',
      })
    }
    if (opened.outcome === 'not-begun') {
      const detail = `${period} has not begun.`
      const wouldPass = `a period that began before now, or this one from ${toInstant(opened.period.from)}`
      throw new ProblemError({ status: 422, code: 'period-not-begun', detail, wouldPass })
    }
    const { version, status } = opened.review
    await started(starter, reviews, { period, version })
    return json(202, { period, version, status })
  }
}

/** A production that nobody began must not stand as PRODUCING for ever. */
async function started(
  starter: ReviewStarter,
  reviews: ReviewStore,
  edition: { period: string; version: number },
): Promise<void> {
  try {
    await starter.start(edition)
  } catch (cause) {
    await reviews.failed(edition, 'the production could not be started')
    throw cause
  }
}
