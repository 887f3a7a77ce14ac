import type { AccessFile } from '../domain/access-file.ts'
import { type FoundPrincipal, principalFlaw, sessionFlaw } from '../domain/principal.ts'
import type { ApiEvent } from './api.ts'
import { adminOf, type Caller, callerOf, seesEverything } from './caller.ts'
import { ProblemError } from './problem.ts'

export interface ProofDeps {
  /** What IAM has under the ARN now; undefined when it is gone. */
  readonly principals: { principal(arn: string): Promise<FoundPrincipal | undefined> }
}

export interface ProvenCallerDeps extends ProofDeps {
  readonly access: AccessFile
}

/**
 * The caller where a person's say counts. A session's name is chosen by who assumes the role, so a session says who calls only if the
 * role's trust policy lets nobody else have that name; otherwise a 403 problem.
 *
 * Invariant: a person never approves themselves under a session name they chose.
 */
export async function provenCallerOf(event: ApiEvent, deps: ProvenCallerDeps): Promise<Caller> {
  return proven(callerOf(event, deps.access), deps)
}

/** The administrator behind the signature, proven; otherwise a 403 problem. Who is none is told so before IAM is asked. */
export async function provenAdminOf(event: ApiEvent, deps: ProvenCallerDeps): Promise<Caller> {
  return proven(adminOf(event, deps.access), deps)
}

/** The auditor or administrator behind the signature, proven; otherwise a 403 problem that says what only they do: `read reviews`. */
export async function provenAuditorOf(event: ApiEvent, deps: ProvenCallerDeps, what: string): Promise<Caller> {
  const caller = callerOf(event, deps.access)
  if (seesEverything(deps.access, caller)) return proven(caller, deps)
  throw new ProblemError({
    status: 403,
    code: 'not-an-auditor',
    detail: `Only auditors and administrators ${what}.`,
    wouldPass: 'a call of an auditor or an administrator',
  })
}

/** The caller, once it is sure that nobody else could have signed. */
export async function proven(caller: Caller, { principals }: ProofDeps): Promise<Caller> {
  const { principal } = caller
  if (!principal.session) return caller
  const found = await principals.principal(principal.arn)
  const flaw = principalFlaw(principal, found) ?? (found && sessionFlaw(principal, found, 'RoleSessionName'))
  if (flaw) throw new ProblemError({ status: 403, ...flaw })
  return caller
}
