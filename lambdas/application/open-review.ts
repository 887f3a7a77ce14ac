import type { AccessFile } from '../domain/access-file.ts'
import { isOver } from '../domain/instant.ts'
import { type Period, periodNamed } from '../domain/period.ts'
import type { ReviewRecord } from '../domain/review/review-record.ts'
import type { ReviewStore } from './ports/review-store.ts'

export interface OpenReviewDeps {
  readonly access: AccessFile
  readonly reviews: ReviewStore
}

export interface Opening {
  /** `2026-Q4` or `2026-10-01..2026-10-15`. */
  readonly period: string
  /** Person id, or `schedule`. */
  readonly requestedBy: string
}

export type Opened =
  | { readonly outcome: 'opened'; readonly review: ReviewRecord }
  | { readonly outcome: 'unknown-period' }
  | { readonly outcome: 'not-begun'; readonly period: Period }

/** Takes the next version of a period's review. A period that still runs may be reviewed; one that has not begun has nothing to show. */
export async function openReview({ access, reviews }: OpenReviewDeps, opening: Opening, now: Date): Promise<Opened> {
  const period = periodNamed(opening.period, access.timezone)
  if (!period) return { outcome: 'unknown-period' }
  if (!isOver(period.from, now)) return { outcome: 'not-begun', period }
  const review = await reviews.open({ period: period.name, requestedBy: opening.requestedBy, requestedAt: now })
  return { outcome: 'opened', review }
}
