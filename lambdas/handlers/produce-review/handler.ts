import { openReview } from '../../application/open-review.ts'
import { type ProduceReviewDeps, produceReview } from '../../application/produce-review.ts'
import { $ProduceReviewEvent } from '../../contract/review.ts'
import { quarterBefore } from '../../domain/period.ts'
import type { Edition, Manifest } from '../../domain/review/manifest.ts'

/** What the calendar's invocation and an administrator's console see of a production; the pack itself is in the bucket. */
export type Produced = Pick<Manifest, 'period' | 'version' | 'counts' | 'chain' | 'lingering'>

/**
 * Makes the pack of one review: of the edition an auditor opened, or, when the calendar calls, of the quarter before now.
 * A retry of the same edition writes the same files again; a retry of the calendar opens the next version.
 */
export function createHandler(deps: ProduceReviewDeps) {
  return async (event: unknown): Promise<Produced> => {
    const manifest = await produceReview(deps, await editionOf(deps, event))
    const { period, version, counts, chain, lingering } = manifest
    return { period, version, counts, chain, lingering }
  }
}

async function editionOf(deps: ProduceReviewDeps, event: unknown): Promise<Edition> {
  const asked = $ProduceReviewEvent.parse(event)
  if ('period' in asked) return asked
  const now = deps.clock.now()
  const period = quarterBefore(now, deps.access.timezone)
  const opened = await openReview(deps, { period, requestedBy: 'schedule' }, now)
  if (opened.outcome !== 'opened') throw new RangeError(`the quarter before now is ${opened.outcome}`)
  return opened.review
}
