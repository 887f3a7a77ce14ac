import type { AccessFile } from './access-file.ts'

/** A change of IAM that somebody made, with what it names of whom it changed. */
export interface Change {
  readonly action: string
  /** Who did it: the role behind a session, or else the caller itself. */
  readonly by: string
  /** Whether CloudFormation did it for them. */
  readonly isDeployment: boolean
  readonly userName?: string | undefined
  readonly roleName?: string | undefined
  readonly policyArn?: string | undefined
  /** Of a policy that is made: its path. */
  readonly path?: string | undefined
}

export type ChangeVerdict =
  | { readonly verdict: 'outside'; readonly of: 'a policy of Lapse' | 'a role of Lapse' | 'a person' }
  | {
      readonly verdict: 'leave'
      readonly why: 'done by Lapse' | 'done by a deployment' | 'of nothing that Lapse manages'
    }

/**
 * Whether somebody other than Lapse changed what Lapse manages: its own policies and roles, or the rights of a user or role of the
 * access file. Names of users and roles are unique in an account, whatever their path.
 *
 * @param rolePrefix what the names of all roles of the stack begin with: `Lapse-`
 */
export function judgeChange(access: AccessFile, change: Change, rolePrefix: string): ChangeVerdict {
  if (OWN_ROLE.test(change.by)) return { verdict: 'leave', why: 'done by Lapse' }
  if (isOfPerson(access, change)) return { verdict: 'outside', of: 'a person' }
  const of = ofLapse(change, rolePrefix)
  if (!of) return { verdict: 'leave', why: 'of nothing that Lapse manages' }
  const isRoutine = change.isDeployment && !isOfGrants(change)
  return isRoutine ? { verdict: 'leave', why: 'done by a deployment' } : { verdict: 'outside', of }
}

/** Every role of Lapse lies here, and the ceiling keeps people from making others here. */
const OWN_ROLE = /^arn:[^:]+:iam::\d{12}:role\/lapse\//

function ofLapse({ policyArn = '', path = '', roleName = '' }: Change, rolePrefix: string) {
  if (policyArn.includes(':policy/lapse/') || path.startsWith('/lapse/')) return 'a policy of Lapse'
  return roleName.startsWith(rolePrefix) ? 'a role of Lapse' : undefined
}

/** No deployment touches the policies of grants. */
function isOfGrants({ policyArn = '', path = '' }: Change): boolean {
  return policyArn.includes(':policy/lapse/grant/') || path.startsWith('/lapse/grant/')
}

function isOfPerson({ people }: AccessFile, { userName, roleName }: Change): boolean {
  const last = (principal: string) => principal.slice(principal.lastIndexOf('/') + 1)
  return Object.values(people).some(
    ({ principals, sessions = [] }) =>
      principals.some(principal => last(principal) === userName) ||
      sessions.some(({ role }) => last(role) === roleName),
  )
}
