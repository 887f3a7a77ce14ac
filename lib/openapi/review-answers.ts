import * as z from 'zod'
import { STATUSES } from '../../lambdas/domain/request.ts'
import { $Instant, $Sha256 } from './formats.ts'

const $Version = z.int().min(1)
const $Pack = z.strictObject({
  version: $Version,
  producedAt: $Instant,
  counts: z.strictObject({
    requests: z.int(),
    byStatus: z.partialRecord(z.enum(STATUSES), z.int()),
    events: z.int(),
    grants: z.int(),
  }),
  chain: z.enum(['intact', 'broken']),
  lingering: z.int(),
})
const $ReviewStatus = z.enum(['PRODUCING', 'READY', 'FAILED'])
const $Review = z.strictObject({
  period: z.string(),
  version: $Version,
  status: $ReviewStatus,
  requestedBy: z.string(),
  requestedAt: $Instant,
  failure: z.string().optional(),
  pack: $Pack.optional(),
})
export const $Reviews = z.strictObject({ reviews: z.array($Review) })
export const $OpenedReview = z.strictObject({ period: z.string(), version: $Version, status: $ReviewStatus })
export const $ReviewWithManifest = $Review.extend({
  manifest: $Pack
    .extend({
      period: z.string(),
      from: $Instant,
      to: $Instant,
      accessHash: $Sha256,
      lapseVersion: z.string(),
      files: z.array(
        z.strictObject({
          name: z.string(),
          contentType: z.string(),
          bytes: z.int(),
          sha256: $Sha256,
          rows: z.int().optional(),
        }),
      ),
    })
    .optional(),
})
