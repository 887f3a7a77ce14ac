import * as z from 'zod'
import { ACCESS_LEVELS, SENSITIVE_REASONS } from '../../lambdas/domain/allowed-actions.ts'
import { EVENT_TYPES } from '../../lambdas/domain/ledger.ts'
import { END_CAUSES, POLICIES_AFTER, STATUSES } from '../../lambdas/domain/request.ts'
import { $Activity } from './activity-answers.ts'
import { allowanceAnswer } from './allowance-answers.ts'
import { $AsIs, $AsIsPreview, $ManagedPolicy } from './as-is-answers.ts'
import { $Debt } from './debt-answers.ts'
import { earlierAnswer } from './earlier-answers.ts'
import { $HeldBy } from './finding-answers.ts'
import { $Duration, $Instant, $Sha256 } from './formats.ts'

/** The answers of the API as they go over the wire. The functions do not parse what they say themselves; tests hold it to this. */
const $Texts = z.record(z.string(), z.string())
const $Stage = z.strictObject({
  name: z.string(),
  approvers: z.array(z.string()),
  quorum: z.int().min(1),
  escalateTo: z.array(z.string()).optional().meta({ description: 'who is asked too if nobody answers' }),
  escalatedAt: $Instant.optional(),
})
const $Receipt = z.strictObject({
  policyArn: z.string(),
  verifiedAt: $Instant,
  policy: z.enum(POLICIES_AFTER).meta({
    description: 'what IAM showed afterwards; HeldByOthers: the user still has it, not by this grant',
  }),
  detached: z.int().min(0),
})

export const $Request = z.strictObject({
  requestId: z.string().regex(/^[0-9A-HJKMNP-TV-Z]{26}$/),
  status: z.enum(STATUSES),
  requester: z.string(),
  principal: z.string().meta({ description: 'the ARN of the IAM user or role' }),
  session: z
    .strictObject({ name: z.string(), sourceIdentity: z.string().optional() })
    .optional()
    .meta({ description: 'of a role: the session that is the requester' }),
  entitlement: z.string(),
  parameters: $Texts,
  duration: $Duration,
  allowedDuration: $Duration.optional().meta({ description: 'what approvers allow, if that is less than duration' }),
  reason: z.string(),
  ticket: z.string().optional(),
  notBefore: $Instant.optional(),
  rule: z.string(),
  asIs: $AsIs,
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
      duration: $Duration.optional().meta({ description: 'how long at most this approver allows' }),
      via: z.literal('signed').optional().meta({ description: 'a signed call; without it a link' }),
    }),
  ),
  automatic: z.string().optional().meta({ description: 'the rule by which nobody needs to be asked' }),
  breakGlass: z.boolean().optional().meta({ description: 'asked for as an emergency' }),
  extends: z.string().optional().meta({ description: 'the request whose grant this one prolongs' }),
  debt: $Debt,
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
      managedPolicy: $ManagedPolicy,
      defaultDuration: $Duration,
      maximumDuration: $Duration,
      rule: z.string(),
      stages: z.array($Stage),
      ...allowanceAnswer,
    }),
  ),
})

const $Statement = z.strictObject({
  actions: z.array(z.string()),
  exceptActions: z.array(z.string()).optional().meta({ description: 'actions that are left out' }),
  resources: z.array(z.string()),
  exceptResources: z.array(z.string()).optional().meta({ description: 'resources that are left out' }),
  conditions: z.record(z.string(), z.record(z.string(), z.union([z.string(), z.array(z.string())]))).optional(),
})
const $AllowedSentence = z.strictObject({
  text: z.string(),
  sensitive: z.enum(SENSITIVE_REASONS).optional().meta({ description: 'why somebody should look twice' }),
  level: z.enum(ACCESS_LEVELS).optional().meta({ description: 'the access level of the actions' }),
})
const $Decidable = z
  .strictObject({
    stage: z.string(),
    number: z.int().min(1).meta({ description: 'which of the stages' }),
    statements: z.array($Statement),
    shortestDuration: $Duration,
    longestDuration: $Duration,
  })
  .meta({ description: 'only for an approver of the open stage: what their decision would cover' })
export const $AskedRequest = $Request.extend({
  because: z.string().optional().meta({ description: 'why an emergency waits for approval' }),
})
export const $RequestWithEvents = $Request.extend({
  events: z.array($Event),
  lastEvent: z
    .strictObject({ sequence: z.int().min(1), hash: $Sha256 })
    .meta({ description: 'head of the chain of events, as the request keeps it' }),
  heldBy: $HeldBy.optional(),
  allows: z.array($AllowedSentence).optional().meta({ description: 'what its grant allows in plain words' }),
  statements: z.array($Statement).optional().meta({
    description:
      'of its grant, as approved; of a policy attached as it is only while the access file has that version of it',
  }),
  extendedBy: z.array(z.string()).optional().meta({ description: 'the requests that prolong its grant' }),
  seen: $Sha256.optional().meta({ description: 'hash of what would be decided on; a signed decision carries it back' }),
  decidable: $Decidable.optional(),
  activity: $Activity.optional(),
})

export const $Preview = z.discriminatedUnion('decision', [
  z.strictObject({
    decision: z.enum(['needs-approval', 'automatic', 'break-glass']),
    approvedBy: z.string().optional().meta({ description: 'the automatic rule' }),
    because: z.string().optional().meta({ description: 'why an emergency waits for approval' }),
    rule: z.string(),
    duration: $Duration,
    maximumDuration: $Duration,
    stages: z.array($Stage),
    allows: z
      .array($AllowedSentence)
      .meta({ description: 'what the statements allow in plain words, what is sensitive first' }),
    statements: z.array($Statement),
    asIs: $AsIsPreview,
    ...earlierAnswer,
    ...allowanceAnswer,
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
