import { type AccessFile, isMember, type Person, personOfPrincipal } from '../domain/access-file.ts'
import { reviewersToday } from '../domain/debt.ts'
import type { Principal, Request } from '../domain/request.ts'
import { personOfSession } from '../domain/role-session.ts'
import type { ApiEvent } from './api.ts'
import { ProblemError } from './problem.ts'

/** Who signed the call. Taken from what API Gateway verified, never from a header or the body. */
export interface Caller {
  readonly person: Person
  readonly principal: Principal
}

/** The person behind the signature, or a 403 problem when the access file does not know the principal. */
export function callerOf({ requestContext: { identity, accountId } }: ApiEvent, access: AccessFile): Caller {
  const { userArn, caller } = identity
  if (!userArn || !caller) {
    throw new ProblemError({
      status: 403,
      code: 'unsigned',
      detail: 'The call carries no identity.',
      wouldPass: 'a call signed with SigV4',
    })
  }
  // A path of the access file means a user or role of the account Lapse runs in; the same path elsewhere is somebody else.
  const isOfThisAccount = userArn.split(':')[4] === accountId
  const found = isOfThisAccount
    ? (sessionCaller(access, userArn, caller) ?? userCaller(access, userArn, caller))
    : undefined
  if (found) return found
  const detail = `${userArn} belongs to nobody in the access file.`
  const wouldPass = 'a call signed by an IAM user or role session listed as a principal of a person in the access file'
  throw new ProblemError({ status: 403, code: 'unknown-person', detail, wouldPass })
}

function userCaller(access: AccessFile, arn: string, uniqueId: string): Caller | undefined {
  const person = personOfPrincipal(access, arn)
  return person && { person, principal: { arn, uniqueId } }
}

const SESSION = /^arn:(?<partition>[a-z-]+):sts::(?<account>\d{12}):assumed-role\/(?<roleName>[^/]+)\/(?<name>[^/]+)$/

/** The ARN of a session has the role's name without its path, and `caller` is the role's unique id and the session's name. */
function sessionCaller(access: AccessFile, userArn: string, caller: string): Caller | undefined {
  const { partition, account, roleName = '', name = '' } = SESSION.exec(userArn)?.groups ?? {}
  const [uniqueId = '', ...rest] = caller.split(':')
  const found = rest.join(':') === name ? personOfSession(access, roleName, name) : undefined
  if (!found) return undefined
  const { role, sourceIdentity } = found.session
  const session = { name, ...(sourceIdentity !== undefined && { sourceIdentity }) }
  return { person: found.person, principal: { arn: `arn:${partition}:iam::${account}:${role}`, uniqueId, session } }
}

/** Whether the person may see what is not their own: administrators and auditors. */
export function seesEverything(access: AccessFile, { person }: Caller): boolean {
  return isMember(access, person.id, access.admins) || isMember(access, person.id, access.auditors)
}

/** Whether the person may see the request: its requester, its approvers, who may review it, administrators, auditors. */
export function maySee(access: AccessFile, caller: Caller, request: Request): boolean {
  const { requester, stages, debt } = request
  const reviewers = debt ? reviewersToday(access, request) : []
  const concerned = [requester, ...stages.flatMap(({ approvers }) => approvers), ...reviewers]
  return concerned.includes(caller.person.id) || seesEverything(access, caller)
}

/** The administrator behind the signature, or a 403 problem. */
export function adminOf(event: ApiEvent, access: AccessFile): Caller {
  const caller = callerOf(event, access)
  if (isMember(access, caller.person.id, access.admins)) return caller
  const detail = 'Only administrators may do this.'
  throw new ProblemError({
    status: 403,
    code: 'not-an-administrator',
    detail,
    wouldPass: 'a call by one of the admins of the access file',
  })
}
