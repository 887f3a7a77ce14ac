import * as z from 'zod'
import { EVENT_TYPES } from '../../lambdas/domain/ledger.ts'
import { END_CAUSES, STATUSES } from '../../lambdas/domain/request.ts'

/** The answers of the API as they go over the wire. The functions do not parse what they say themselves; tests hold it to this. */
const $Instant = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/)
  .meta({ description: 'UTC, whole seconds', example: '2027-03-01T10:02:00Z' })
const $Duration = z.string().regex(/^PT/).meta({ description: 'ISO 8601', example: 'PT30M' })
const $Sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const $Texts = z.record(z.string(), z.string())
const $Stage = z.strictObject({ name: z.string(), approvers: z.array(z.string()), quorum: z.int().min(1) })
const $Receipt = z.strictObject({
  policyArn: z.string(),
  verifiedAt: $Instant,
  policy: z.literal('NoSuchEntity'),
  detached: z.int().min(0),
})

export const $Request = z.strictObject({
  requestId: z.string().regex(/^[0-9A-HJKMNP-TV-Z]{26}$/),
  status: z.enum(STATUSES),
  requester: z.string(),
  principal: z.string(),
  entitlement: z.string(),
  parameters: $Texts,
  duration: $Duration,
  reason: z.string(),
  ticket: z.string().optional(),
  notBefore: $Instant.optional(),
  rule: z.string(),
  accessHash: $Sha256,
  askedAt: $Instant,
  answerBy: $Instant.optional(),
  stages: z.array($Stage),
  decisions: z.array(
    z.strictObject({
      decision: z.enum(['approve', 'deny']),
      approver: z.string(),
      at: $Instant,
      comment: z.string().optional(),
    }),
  ),
  grant: z
    .strictObject({ notBefore: $Instant, notAfter: $Instant, policyArn: z.string(), documentHash: $Sha256 })
    .optional(),
  endCause: z.enum(END_CAUSES).optional(),
  receipt: $Receipt.optional(),
})

const $Event = z.strictObject({
  sequence: z.int().min(1),
  type: z.enum(EVENT_TYPES),
  at: $Instant,
  actor: z.union([z.strictObject({ person: z.string() }), z.strictObject({ service: z.string() })]),
  details: z.record(z.string(), z.unknown()),
  previousHash: $Sha256,
  hash: $Sha256,
})
export const $RequestWithEvents = $Request.extend({ events: z.array($Event) })
export const $Requests = z.strictObject({ requests: z.array($Request), cursor: z.string().optional() })

export const $Entitlements = z.strictObject({
  person: z.string(),
  entitlements: z.array(
    z.strictObject({
      entitlement: z.string(),
      title: z.string(),
      description: z.string(),
      risk: z.enum(['low', 'medium', 'high']),
      parameters: z.record(
        z.string(),
        z.strictObject({ description: z.string(), pattern: z.string(), example: z.string() }),
      ),
      defaultDuration: $Duration,
      maximumDuration: $Duration,
      rule: z.string(),
      stages: z.array($Stage),
    }),
  ),
})

const $Statement = z.strictObject({
  actions: z.array(z.string()),
  resources: z.array(z.string()),
  conditions: z.record(z.string(), z.record(z.string(), z.union([z.string(), z.array(z.string())]))).optional(),
})
export const $Preview = z.discriminatedUnion('decision', [
  z.strictObject({
    decision: z.literal('needs-approval'),
    rule: z.string(),
    duration: $Duration,
    maximumDuration: $Duration,
    stages: z.array($Stage),
    statements: z.array($Statement),
  }),
  z.strictObject({
    decision: z.literal('refused'),
    code: z.string(),
    rule: z.string(),
    detail: z.string(),
    wouldPass: z.string(),
  }),
])

export const $Frozen = z.strictObject({
  frozen: z.literal(true),
  by: z.string(),
  at: $Instant,
  reason: z.string(),
  ended: z.array(z.strictObject({ requestId: z.string(), receipt: $Receipt.optional() })),
  failed: z.array(z.strictObject({ requestId: z.string(), why: z.string() })),
})
export const $Lifted = z.strictObject({ frozen: z.literal(false), by: z.string(), at: $Instant })

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

export const $Problem = z.strictObject({
  type: z.string().regex(/^urn:lapse:problem:/),
  title: z.string(),
  status: z.int(),
  code: z.string().meta({ description: 'for programs; docs/api.md lists them' }),
  detail: z.string(),
  wouldPass: z.string().optional().meta({ description: 'what the caller could send instead' }),
  requestId: z.string().optional(),
  rule: z.string().optional(),
  errors: z.array(z.strictObject({ at: z.string(), message: z.string() })).optional(),
})
