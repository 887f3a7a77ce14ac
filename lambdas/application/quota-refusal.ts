import type { AccessFile } from '../domain/access-file.ts'
import type { Refused } from '../domain/evaluate.ts'
import type { Principal, Request } from '../domain/request.ts'
import { pathInArn, peopleOfRole } from '../domain/role-session.ts'
import type { PolicyQuotas } from './ports/policies.ts'
import type { RequestStore } from './ports/request-store.ts'

export interface QuotaDeps {
  readonly store: Pick<RequestStore, 'list'>
  readonly quotas: PolicyQuotas
  readonly access: Pick<AccessFile, 'people'>
  /** How many managed policies IAM lets a user or role have: 10, or what AWS has raised it to (20 at most). */
  readonly attachmentsPerUser: number
}

/** Requests of one person that are looked at. More open ones than this are refused by the quota long before. */
const MOST_OPEN = 100

/**
 * Refuses, with the numbers, what IAM would refuse after an approver had said yes. Counts what is attached and what is approved or
 * asked for and not attached yet. Lapse never takes a policy of somebody else away to make room.
 */
export async function quotaRefusal(
  { store, quotas, access, attachmentsPerUser }: QuotaDeps,
  requester: string,
  principal: Principal,
): Promise<Refused | undefined> {
  // A role's room is shared by everybody who has a session of it.
  const sharing = new Set([requester, ...peopleOfRole(access, pathInArn(principal.arn))])
  const [attached, account, ...lists] = await Promise.all([
    quotas.attachedTo(principal.arn),
    quotas.ofAccount(),
    ...[...sharing].map(person => store.list({ requester: person, limit: MOST_OPEN })),
  ])
  const coming = lists.flatMap(({ requests }) => requests).filter(request => isComing(request, principal)).length
  const refused = (detail: string, wouldPass: string): Refused => ({
    outcome: 'refused',
    code: 'quota-reached',
    rule: 'iam-quota',
    detail,
    wouldPass,
  })
  if (attached + coming >= attachmentsPerUser) {
    const holder = principal.session ? principal.arn : 'you'
    const detail = `${attached} managed policies are attached to ${holder} and ${coming} more are on their way; IAM allows ${attachmentsPerUser}`
    return refused(detail, 'the same request when one of them has ended, or was taken away')
  }
  if (account.used >= account.quota) {
    const detail = `the account has ${account.used} customer managed policies; IAM allows ${account.quota}`
    return refused(detail, 'the same request when the account has room for a policy')
  }
  return undefined
}

function isComing({ status, principal }: Request, { uniqueId }: Principal): boolean {
  return principal.uniqueId === uniqueId && (status === 'PENDING' || status === 'APPROVED')
}
