import * as z from 'zod/mini'
import type { TrustPolicy } from '../domain/trust-policy.ts'

const $Texts = z.pipe(
  z.union([z.string(), z.array(z.string())]),
  z.transform(texts => [texts].flat()),
)
/** IAM takes numbers and booleans without quotes. */
const $Value = z.union([z.string(), z.number(), z.boolean()])
const $Values = z.pipe(
  z.union([$Value, z.array($Value)]),
  z.transform(values => [values].flat().map(String)),
)

const $Principals = z.union([
  z.pipe(
    z.literal('*'),
    z.transform((everybody): Record<string, string[]> => ({ AWS: [everybody] })),
  ),
  z.record(z.string(), $Texts),
])

const $Statement = z.pipe(
  z.strictObject({
    Sid: z.optional(z.string()),
    Effect: z.enum(['Allow', 'Deny']),
    Action: z.optional($Texts),
    NotAction: z.optional($Texts),
    Principal: z.optional($Principals),
    NotPrincipal: z.optional($Principals),
    Condition: z.optional(z.record(z.string(), z.record(z.string(), $Values))),
  }),
  z.transform(({ Effect, Action, Principal, Condition }) => ({
    effect: Effect,
    actions: Action,
    principals: Principal,
    conditions: Condition ?? {},
  })),
)

/** A role's trust policy as IAM keeps it. Strict: a member that is not known could mean anything. */
const $TrustDocument = z.pipe(
  z.strictObject({
    Version: z.optional(z.string()),
    Id: z.optional(z.string()),
    Statement: z.union([
      z.array($Statement),
      z.pipe(
        $Statement,
        z.transform(statement => [statement]),
      ),
    ]),
  }),
  z.transform(({ Statement }): TrustPolicy => ({ statements: Statement })),
)

/** The trust policy of a role, URL-encoded as IAM gives it. */
export function readTrustPolicy(encoded: string | undefined): TrustPolicy | 'unreadable' {
  try {
    return $TrustDocument.safeParse(JSON.parse(decodeURIComponent(encoded ?? ''))).data ?? 'unreadable'
  } catch {
    return 'unreadable'
  }
}
