import * as z from 'zod/mini'
import { $ListQuery, $RequestId } from './list-query.ts'

/** A ULID, as the ids of requests are. */
export const $FindingId = $RequestId

export const FINDING_STATES = ['open', 'closed'] as const

/** Query of `GET /findings`. */
export const $FindingQuery = z.strictObject({
  state: z._default(z.enum(FINDING_STATES), 'open'),
  limit: $ListQuery.shape.limit,
  after: z.optional($FindingId),
})
