import type { Refused } from '../domain/evaluate.ts'
import { principalFlaw } from '../domain/principal.ts'
import type { Principal } from '../domain/request.ts'
import type { Principals } from './ports/policies.ts'

export interface PrincipalDeps {
  readonly principals: Principals
  /** ARNs of permissions boundaries one of which the principal must carry; none: any, or none. */
  readonly boundaries: readonly string[]
}

/**
 * Refuses, before an approver is asked, a principal that could not have the grant or could share it: one that is gone or was made
 * again, a session of a role that others could take, one without a required boundary. The applier looks once more before it attaches.
 */
export async function principalRefusal(
  { principals, boundaries }: PrincipalDeps,
  principal: Principal,
): Promise<Refused | undefined> {
  const flaw = principalFlaw(principal, await principals.principal(principal.arn), boundaries)
  return flaw && { outcome: 'refused', rule: 'iam-principal', ...flaw }
}
