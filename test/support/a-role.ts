import type { AccessFile } from '../../lambdas/domain/access-file.ts'
import type { Principal } from '../../lambdas/domain/request.ts'
import type { TrustPolicy } from '../../lambdas/domain/trust-policy.ts'
import { anAccessFile, anEntitlement, aPerson, aRule, CAST } from './an-access-file.ts'

/** A role that Alice and Grace share, each with the session of her own name. */
export const DEVELOPER = 'arn:aws:iam::111122223333:role/people/developer'
const ROLE = 'role/people/developer'

/** Lets users of the account assume the role, each under their own name. */
export const PINNED: TrustPolicy = {
  statements: [
    {
      effect: 'Allow',
      actions: ['sts:AssumeRole'],
      principals: { AWS: ['arn:aws:iam::111122223333:root'] },
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable of IAM
      conditions: { StringEquals: { 'sts:RoleSessionName': ['${aws:username}'] } },
    },
  ],
}

/** Lets users of the account assume the role under any name. */
export const UNPINNED: TrustPolicy = { statements: PINNED.statements.map(one => ({ ...one, conditions: {} })) }

/** The cast, with Alice and Grace as sessions of one role; both may read the logs when Bob agrees. */
export function roleAccess(): AccessFile {
  const others = CAST.filter(id => id !== 'alice').map(id => aPerson({ id }))
  const shared = ['alice', 'grace'].map(id => aPerson({ id, principals: [], sessions: [{ role: ROLE, session: id }] }))
  const rules = [aRule({ members: ['alice', 'grace'] })]
  return anAccessFile({ people: [...shared, ...others], entitlements: [anEntitlement({ codeRequired: true, rules })] })
}

/** The session of the role as the principal of a request. */
export function aSession(uniqueId: string, name = 'alice', sourceIdentity?: string): Principal {
  return { arn: DEVELOPER, uniqueId, session: { name, ...(sourceIdentity !== undefined && { sourceIdentity }) } }
}
