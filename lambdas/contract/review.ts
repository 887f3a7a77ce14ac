import * as z from 'zod/mini'
import { STATUSES } from '../domain/request.ts'

/** The name of a quarter or of a span of days; whether the calendar has it the domain says. */
export const $PeriodName = z
  .string()
  .check(
    z.maxLength(32),
    z.regex(
      /^(?:\d{4}-Q[1-4]|\d{4}-\d{2}-\d{2}\.\.\d{4}-\d{2}-\d{2})$/,
      'must be a quarter such as 2026-Q4 or days such as 2026-10-01..2026-10-15',
    ),
  )

/** Body of `POST /reviews`. Without a period the current quarter is meant. */
export const $ReviewBody = z.strictObject({ period: z.optional($PeriodName) })

const $Version = z.int().check(z.positive())

/** What sets a production going: the calendar (the quarter before now), or somebody who opened it. */
export const $ProduceReviewEvent = z.union([
  z.object({ trigger: z.literal('schedule') }),
  z.object({ period: $PeriodName, version: $Version }),
])

/** `?version=2` of the routes of one review. */
export const $VersionQuery = z.pipe(
  z.string().check(z.regex(/^[1-9]\d{0,5}$/, 'must be a whole number such as 2')),
  z.transform(Number),
)

const $Date = z.pipe(
  z.iso.datetime(),
  z.transform(text => new Date(text)),
)
const $Sha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/))
const $Count = z.int().check(z.nonnegative())
const $Verdict = z.enum(['intact', 'broken'])
const $Counts = z.object({
  requests: $Count,
  byStatus: z.partialRecord(z.enum(STATUSES), $Count),
  events: $Count,
  grants: $Count,
})

/** `manifest.json` read back. */
export const $Manifest = z.object({
  period: $PeriodName,
  version: $Version,
  from: $Date,
  to: $Date,
  producedAt: $Date,
  accessHash: $Sha256,
  lapseVersion: z.string(),
  files: z.array(
    z.object({ name: z.string(), contentType: z.string(), bytes: $Count, sha256: $Sha256, rows: z.optional($Count) }),
  ),
  counts: $Counts,
  chain: $Verdict,
  lingering: $Count,
})

/** A row of the reviews as it is stored. */
export const $ReviewRow = z.object({
  period: $PeriodName,
  version: $Version,
  status: z.enum(['PRODUCING', 'READY', 'FAILED']),
  requestedBy: z.string(),
  requestedAt: $Date,
  failure: z.optional(z.string()),
  pack: z.optional(
    z.object({ version: $Version, producedAt: $Date, counts: $Counts, chain: $Verdict, lingering: $Count }),
  ),
})

/** Where all reviews lie in the one table, and where that of one period does. Names of quarters sort by time. */
export const REVIEWS = 'REVIEWS'
export const reviewKey = (period: string) => ({ pk: REVIEWS, sk: period })
