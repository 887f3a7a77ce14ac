import { type AccessFile, isMember, type Person, personOfPrincipal } from '../domain/access-file.ts'
import type { Principal } from '../domain/request.ts'
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
  // A path of the access file means a user of the account Lapse runs in; the same path elsewhere is somebody else.
  const person = userArn.split(':')[4] === accountId ? personOfPrincipal(access, userArn) : undefined
  if (!person) {
    const detail = `${userArn} belongs to nobody in the access file.`
    const wouldPass = 'a call signed by an IAM user listed as a principal of a person in the access file'
    throw new ProblemError({ status: 403, code: 'unknown-person', detail, wouldPass })
  }
  return { person, principal: { arn: userArn, uniqueId: caller } }
}

/** Whether the person may see what is not their own: administrators and auditors. */
export function seesEverything(access: AccessFile, { person }: Caller): boolean {
  return isMember(access, person.id, access.admins) || isMember(access, person.id, access.auditors)
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
