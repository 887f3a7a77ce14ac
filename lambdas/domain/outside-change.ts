import type { AccessFile, Person } from './access-file.ts'

/** A change of IAM that somebody made, with what it names of whom it changed. */
export interface Change {
  readonly action: string
  readonly at: Date
  /** In which it was done: twelve digits. */
  readonly account: string
  /** Who did it: the role behind a session, or else the caller itself. */
  readonly by: string
  /** Whether CloudFormation did it for them. */
  readonly isDeployment: boolean
  readonly userName?: string | undefined
  readonly roleName?: string | undefined
  readonly groupName?: string | undefined
  readonly policyArn?: string | undefined
  /** Of a policy or role that is made: its path. */
  readonly path?: string | undefined
}

/** Rights that are not one user's or role's own: those of a group, or what a managed policy allows. */
export type SharedRights = { readonly group: string } | { readonly policy: string }

/** The users and roles, by name, that have such rights. */
export interface Holders {
  readonly users: readonly string[]
  readonly roles: readonly string[]
}

export const NOBODY: Holders = { users: [], roles: [] }

export type ChangeVerdict =
  | { readonly verdict: 'outside'; readonly of: 'a policy of Lapse' | 'a role of Lapse' | 'a person' }
  | {
      readonly verdict: 'leave'
      readonly why: 'done by Lapse' | 'done by a deployment' | 'of nothing that Lapse manages'
    }

/** What of a change needs a look at who has it, before it can be judged; nothing where the change names whom it is of. */
export function sharedRights({ by, userName, roleName, groupName, policyArn }: Change): SharedRights | undefined {
  if (OWN_ROLE.test(by) || userName !== undefined || roleName !== undefined) return undefined
  if (groupName !== undefined) return { group: groupName }
  return policyArn === undefined || isOfLapse(policyArn) ? undefined : { policy: policyArn }
}

/**
 * Whether somebody other than Lapse changed what Lapse manages: its own policies and roles, or the rights of a user or role of the
 * access file. Names of users and roles are unique in an account, whatever their path.
 *
 * @param rolePrefix what the names of all roles of the stack begin with: `Lapse-`
 * @param holders who has the shared rights that were changed
 */
export function judgeChange(access: AccessFile, change: Change, rolePrefix: string, holders: Holders): ChangeVerdict {
  if (OWN_ROLE.test(change.by)) return { verdict: 'leave', why: 'done by Lapse' }
  if (ownersOf(access, change, holders).length > 0) return { verdict: 'outside', of: 'a person' }
  const of = ofLapse(change, rolePrefix)
  if (!of) return { verdict: 'leave', why: 'of nothing that Lapse manages' }
  const isRoutine = change.isDeployment && !isOfGrants(change)
  return isRoutine ? { verdict: 'leave', why: 'done by a deployment' } : { verdict: 'outside', of }
}

/** Every role of Lapse lies here, and the ceiling keeps people from making others here. */
const OWN_ROLE = /^arn:[^:]+:iam::\d{12}:role\/lapse\//

function ofLapse({ policyArn = '', path = '', roleName = '' }: Change, rolePrefix: string) {
  const isOnPath = path.startsWith('/lapse/')
  if (roleName === '') return isOfLapse(policyArn) || isOnPath ? 'a policy of Lapse' : undefined
  if (roleName.startsWith(rolePrefix) || isOnPath) return 'a role of Lapse'
  return isOfLapse(policyArn) ? 'a policy of Lapse' : undefined
}

function isOfLapse(policyArn: string): boolean {
  return policyArn.includes(':policy/lapse/')
}

/** No deployment touches the policies of grants. */
function isOfGrants({ policyArn = '', path = '' }: Change): boolean {
  return policyArn.includes(':policy/lapse/grant/') || path.startsWith('/lapse/grant/')
}

interface Owner {
  readonly person: Person
  /** `user/people/alice`, `role/people/developer`. */
  readonly principal: string
}

/** Whose rights it is that were changed: one person, all who use the role, or all who have what is shared. */
function ownersOf({ people }: AccessFile, { userName, roleName }: Change, holders: Holders): readonly Owner[] {
  const users = new Set([...holders.users, ...(userName === undefined ? [] : [userName])])
  const roles = new Set([...holders.roles, ...(roleName === undefined ? [] : [roleName])])
  const last = (principal: string) => principal.slice(principal.lastIndexOf('/') + 1)
  return Object.values(people).flatMap(person => {
    const user = person.principals.find(principal => users.has(last(principal)))
    const role = person.sessions?.find(session => roles.has(last(session.role)))?.role
    const principal = user ?? role
    return principal === undefined ? [] : [{ person, principal }]
  })
}

/** Whom an outside change is about: the person whose rights it changed, or the ARN of what is nobody's, or that of several people. */
export function subjectOf(access: AccessFile, change: Change, holders: Holders): string {
  const { by, account, policyArn, roleName, path = '/' } = change
  const partition = /^arn:([^:]+):/.exec(by)?.[1] ?? 'aws'
  const arn = (resource: string) => `arn:${partition}:iam::${account}:${resource}`
  const [owner, ...others] = ownersOf(access, change, holders)
  if (owner && others.length === 0) return owner.person.id
  if (owner) return sharedArn(change, arn) ?? arn(owner.principal)
  if (policyArn !== undefined && isOfLapse(policyArn)) return policyArn
  return arn(roleName === undefined ? `policy${path}` : `role${path}${roleName}`)
}

function sharedArn(change: Change, arn: (resource: string) => string): string | undefined {
  const shared = sharedRights(change)
  return shared && ('group' in shared ? arn(`group/${shared.group}`) : shared.policy)
}

/** What was done, in a sentence: `AttachUserPolicy on alice with arn:aws:iam::aws:policy/AdministratorAccess, by arn:…`. */
export function changeInWords({ action, by, userName, roleName, groupName, policyArn, path }: Change): string {
  const name = userName ?? roleName ?? groupName
  const on = name ?? policyArn ?? path
  const what = policyArn ?? (userName === undefined ? undefined : groupName)
  const carrying = name !== undefined && what !== undefined ? ` with ${what}` : ''
  return `${action}${on === undefined ? '' : ` on ${on}`}${carrying}, by ${by}`
}
