import * as z from 'zod/mini'
import { EVENT_TYPES } from '../../lambdas/domain/ledger.ts'
import { END_CAUSES, STATUSES } from '../../lambdas/domain/request.ts'

/** An instant as the API writes it, UTC in whole seconds; read as a Date. */
const $Instant = z.pipe(
  z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/)),
  z.transform(text => new Date(text)),
)
const $Receipt = z.object({
  policyArn: z.string(),
  verifiedAt: $Instant,
  policy: z.literal('NoSuchEntity'),
  detached: z.number(),
})

/** A request as the API answers it. */
export const $RequestView = z.object({
  requestId: z.string(),
  status: z.enum(STATUSES),
  requester: z.string(),
  principal: z.string(),
  session: z.optional(z.object({ name: z.string(), sourceIdentity: z.optional(z.string()) })),
  entitlement: z.string(),
  reason: z.string(),
  askedAt: $Instant,
  answerBy: z.optional($Instant),
  stages: z.array(z.object({ name: z.string(), approvers: z.array(z.string()), quorum: z.number() })),
  allowedDuration: z.optional(z.string()),
  decisions: z.array(
    z.object({
      decision: z.string(),
      approver: z.string(),
      comment: z.optional(z.string()),
      duration: z.optional(z.string()),
      via: z.optional(z.string()),
    }),
  ),
  grant: z.optional(
    z.object({ notBefore: $Instant, notAfter: $Instant, policyArn: z.string(), documentHash: z.string() }),
  ),
  endCause: z.optional(z.enum(END_CAUSES)),
  receipt: z.optional($Receipt),
})
export type RequestView = z.output<typeof $RequestView>

/** An event as the API answers it: everything its hash covers but the id of its request. */
export const $EventView = z.object({
  sequence: z.number(),
  type: z.enum(EVENT_TYPES),
  at: $Instant,
  actor: z.union([z.strictObject({ person: z.string() }), z.strictObject({ service: z.string() })]),
  details: z.record(z.string(), z.json()),
  previousHash: z.string(),
  hash: z.string(),
})

/** An answer of `application/problem+json`. What API Gateway answers by itself cannot always say the status in the body. */
export const $Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.optional(z.number()),
  code: z.string(),
  detail: z.string(),
  wouldPass: z.optional(z.string()),
  requestId: z.optional(z.string()),
  rule: z.optional(z.string()),
})
