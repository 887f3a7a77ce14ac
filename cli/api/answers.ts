import * as z from 'zod/mini'
import { $Statement } from '../../lambdas/contract/statement.ts'
import { $Activity } from './activity-answer.ts'

/** Answers of the API, as far as they are shown. Members this command line does not know yet go by; `--json` prints them all. */
const $Stage = z.object({
  name: z.string(),
  quorum: z.number(),
  approvers: z.array(z.string()),
  escalateTo: z.optional(z.array(z.string())),
})
const $Receipt = z.object({ policyArn: z.string(), verifiedAt: z.string(), policy: z.string(), detached: z.number() })
const $Texts = z.record(z.string(), z.string())
export type Statement = z.output<typeof $Statement>

export const $Request = z.object({
  requestId: z.string(),
  status: z.string(),
  requester: z.string(),
  entitlement: z.string(),
  parameters: $Texts,
  duration: z.string(),
  allowedDuration: z.optional(z.string()),
  reason: z.string(),
  ticket: z.optional(z.string()),
  notBefore: z.optional(z.string()),
  rule: z.string(),
  asIs: z.optional(z.object({ policyArn: z.string() })),
  accessHash: z.string(),
  askedAt: z.string(),
  answerBy: z.optional(z.string()),
  stages: z.array($Stage),
  decisions: z.array(
    z.object({
      decision: z.string(),
      approver: z.string(),
      at: z.string(),
      comment: z.optional(z.string()),
      duration: z.optional(z.string()),
      via: z.optional(z.string()),
    }),
  ),
  automatic: z.optional(z.string()),
  breakGlass: z.optional(z.boolean()),
  extends: z.optional(z.string()),
  /** The finding that holds it back while it is pending; only where one request is asked for. */
  heldBy: z.optional(z.object({ findingId: z.string(), title: z.string() })),
  debt: z.optional(
    z.object({
      dueBy: z.string(),
      closed: z.optional(z.object({ by: z.string(), verdict: z.string(), comment: z.optional(z.string()) })),
    }),
  ),
  grant: z.optional(z.object({ notBefore: z.string(), notAfter: z.string(), policyArn: z.string() })),
  endCause: z.optional(z.string()),
  receipt: z.optional($Receipt),
})
export type RequestAnswer = z.output<typeof $Request>

export const $Event = z.object({
  sequence: z.number(),
  type: z.string(),
  at: z.string(),
  actor: z.union([z.object({ person: z.string() }), z.object({ service: z.string() })]),
  details: z.record(z.string(), z.json()),
})
export type EventAnswer = z.output<typeof $Event>

export const $RequestWithEvents = z.extend($Request, {
  events: z.array($Event),
  /** Once the grant is over. */
  activity: z.optional($Activity),
  /** The hash of what is asked; only for who may decide now. */
  seen: z.optional(z.string()),
  decidable: z.optional(
    z.object({
      stage: z.string(),
      statements: z.array($Statement),
      shortestDuration: z.string(),
      longestDuration: z.string(),
    }),
  ),
})

export const $Requests = z.object({ requests: z.array($Request), cursor: z.optional(z.string()) })

export const $Entitlements = z.object({
  person: z.string(),
  entitlements: z.array(
    z.object({
      entitlement: z.string(),
      title: z.string(),
      risk: z.string(),
      parameters: z.record(z.string(), z.object({ description: z.string(), example: z.string() })),
      defaultDuration: z.string(),
      maximumDuration: z.string(),
      stages: z.array($Stage),
    }),
  ),
})

export const $Preview = z.union([
  z.object({
    decision: z.literal('refused'),
    code: z.string(),
    rule: z.string(),
    detail: z.string(),
    wouldPass: z.string(),
  }),
  z.object({
    decision: z.string(),
    by: z.optional(z.string()),
    because: z.optional(z.string()),
    rule: z.string(),
    duration: z.string(),
    maximumDuration: z.string(),
    stages: z.array($Stage),
    statements: z.array($Statement),
    /** What the statements allow, in words. */
    allows: z.optional(z.array(z.object({ text: z.string() }))),
  }),
])

export const $Frozen = z.object({
  by: z.string(),
  at: z.string(),
  reason: z.string(),
  ended: z.array(z.object({ requestId: z.string(), receipt: z.optional($Receipt) })),
  failed: z.array(z.object({ requestId: z.string(), why: z.string() })),
})
export const $Lifted = z.object({ by: z.string(), at: z.string() })

export const $OpenedReview = z.object({ period: z.string(), version: z.number(), status: z.string() })
export const $Reviews = z.object({
  reviews: z.array(
    z.object({
      period: z.string(),
      version: z.number(),
      status: z.string(),
      requestedBy: z.string(),
      failure: z.optional(z.string()),
      pack: z.optional(
        z.object({
          version: z.number(),
          counts: z.object({ requests: z.number(), grants: z.number(), events: z.number() }),
          chain: z.string(),
          lingering: z.number(),
        }),
      ),
    }),
  ),
})
export const $ReviewManifest = z.object({
  manifest: z.optional(
    z.object({
      version: z.number(),
      files: z.array(z.object({ name: z.string(), bytes: z.number(), sha256: z.string() })),
    }),
  ),
})
