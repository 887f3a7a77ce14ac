import { $FindingId } from '../contract/finding-query.ts'
import type { AccessFile } from '../domain/access-file.ts'
import type { ApiEvent } from './api.ts'
import { type Caller, seesEverything } from './caller.ts'
import { ProblemError } from './problem.ts'

/** The id of a finding in the path, or the 404 of one that does not exist. */
export function findingIdOf({ pathParameters }: ApiEvent): string {
  const id = $FindingId.safeParse(pathParameters?.id)
  if (id.success) return id.data
  throw noSuchFinding()
}

export function noSuchFinding(): ProblemError {
  const detail = 'There is no such finding.'
  return new ProblemError({ status: 404, code: 'unknown-finding', detail, wouldPass: 'the id of one in GET /findings' })
}

/** Lets administrators and auditors through; others learn of no finding, not even that there is one about them. */
export function refuseOthers(access: AccessFile, caller: Caller): void {
  if (seesEverything(access, caller)) return
  const detail = 'Only auditors and administrators see and close findings.'
  const wouldPass = 'a call of an auditor or an administrator'
  throw new ProblemError({ status: 403, code: 'not-an-auditor', detail, wouldPass })
}
