import { type AccessFile, own } from '../domain/access-file.ts'
import type { Refused } from '../domain/evaluate.ts'
import type { Principal } from '../domain/request.ts'
import type { LeaseStore } from './ports/lease-store.ts'
import type { Principals } from './ports/policies.ts'

export interface AsIsDeps {
  readonly access: AccessFile
  readonly leases: Pick<LeaseStore, 'find'>
  readonly principals: Principals
}

/**
 * Refuses, where a policy is attached as it is, whom it could not be taken from again: a session of a role, which others share, and
 * a user who has it by somebody else's hand. The applier looks once more before it attaches.
 */
export async function asIsRefusal(
  { access, leases, principals }: AsIsDeps,
  entitlement: string,
  { arn, session }: Principal,
): Promise<Refused | undefined> {
  const { managedPolicy } = own(access.entitlements, entitlement) ?? {}
  if (!managedPolicy?.asIs) return undefined
  const policyArn = managedPolicy.arn
  const refused = (detail: string, wouldPass: string): Refused => ({
    outcome: 'refused',
    code: 'as-is-refused',
    rule: 'as-is',
    detail,
    wouldPass,
  })
  if (session) {
    const detail = `${policyArn} is attached as it is, without a fence: at a role every session of it would have it`
    return refused(detail, 'the same request of an IAM user')
  }
  const lease = await leases.find(arn, policyArn)
  if ((lease && !lease.isFree) || !(await principals.isAttached(arn, policyArn))) return undefined
  return refused(`you have ${policyArn} already, and not by a grant`, 'the same request when it has been detached')
}
