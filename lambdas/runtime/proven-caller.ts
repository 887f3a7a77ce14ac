import type { AccessFile } from '../domain/access-file.ts'
import { type FoundPrincipal, principalFlaw, sessionFlaw } from '../domain/principal.ts'
import type { ApiEvent } from './api.ts'
import { type Caller, callerOf } from './caller.ts'
import { ProblemError } from './problem.ts'

export interface ProvenCallerDeps {
  readonly access: AccessFile
  /** What IAM has under the ARN now; undefined when it is gone. */
  readonly principals: { principal(arn: string): Promise<FoundPrincipal | undefined> }
}

/**
 * The caller where a person's say counts. A session's name is chosen by who assumes the role, so a session says who calls only if the
 * role's trust policy lets nobody else have that name; otherwise a 403 problem.
 *
 * Invariant: a person never approves themselves under a session name they chose.
 */
export async function provenCallerOf(event: ApiEvent, { access, principals }: ProvenCallerDeps): Promise<Caller> {
  const caller = callerOf(event, access)
  const { principal } = caller
  if (!principal.session) return caller
  const found = await principals.principal(principal.arn)
  const flaw = principalFlaw(principal, found) ?? (found && sessionFlaw(principal, found, 'RoleSessionName'))
  if (flaw) throw new ProblemError({ status: 403, ...flaw })
  return caller
}
