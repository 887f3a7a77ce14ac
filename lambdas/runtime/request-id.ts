import { $RequestId } from '../contract/list-query.ts'
import type { Status } from '../domain/request.ts'
import type { ApiEvent } from './api.ts'
import { ProblemError } from './problem.ts'

/** The request id in the path, or the 404 of a request that does not exist. */
export function requestIdOf({ pathParameters }: ApiEvent): string {
  const id = $RequestId.safeParse(pathParameters?.id)
  if (id.success) return id.data
  throw noSuchRequest()
}

/** One answer for a request that is not there and one that is not the caller's to see. */
export function noSuchRequest(): ProblemError {
  const detail = 'There is no such request that you may see.'
  return new ProblemError({
    status: 404,
    code: 'unknown-request',
    detail,
    wouldPass: 'the id of a request in GET /requests',
  })
}

/** There is a request, and no grant of it to end. */
export function noGrantToEnd(requestId: string, status: Status): ProblemError {
  const detail = `The request is ${status}; there is no grant to end.`
  const wouldPass = status === 'PENDING' ? 'POST /requests/{id}/cancel' : 'a request that is ACTIVE'
  return new ProblemError({ status: 409, code: 'no-grant', detail, requestId, wouldPass })
}
