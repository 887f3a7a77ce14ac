import type { Entitlement } from './access-file.ts'
import type { AsIs } from './lease.ts'

/** What of an entitlement a request keeps, if its policy is attached as it is. */
export function asIsOf({ managedPolicy }: Entitlement): { readonly asIs?: AsIs } {
  if (!managedPolicy?.asIs) return {}
  return { asIs: { policyArn: managedPolicy.arn, documentHash: managedPolicy.asIs.documentHash } }
}

/** Nothing would keep a policy without a fence from allowing before its start, or between the end of one grant and the start of the next. */
export function noLaterStart(rule: string) {
  const detail = 'the policy is attached as it is, without a fence: it allows from the moment it is attached'
  const wouldPass = 'the same request without a start, asked for when it is needed'
  return { outcome: 'refused', code: 'as-is-refused', rule, detail, wouldPass } as const
}
