import type { Logger } from '@aws-lambda-powertools/logger'
import { type CancelRequestDeps, cancelRequest } from '../../application/cancel-request.ts'
import { requestView } from '../../contract/request-view.ts'
import { type ApiAnswer, type ApiEvent, json } from '../../runtime/api.ts'
import { ProblemError } from '../../runtime/problem.ts'
import { type ProvenCallerDeps, provenCallerOf } from '../../runtime/proven-caller.ts'
import { noSuchRequest, requestIdOf } from '../../runtime/request-id.ts'

/** `POST /requests/{id}/cancel`: the requester takes a pending request back. */
export function createHandler(deps: CancelRequestDeps & ProvenCallerDeps, logger: Pick<Logger, 'error'>) {
  return async (event: ApiEvent): Promise<ApiAnswer> => {
    const { person } = await provenCallerOf(event, deps)
    const requestId = requestIdOf(event)
    const request = await deps.store.find(requestId)
    if (request?.requester !== person.id) throw noSuchRequest()
    const cancellation = await cancelRequest(deps, requestId, person.id)
    if (cancellation.outcome === 'cancelled') {
      if (cancellation.wakeFailure !== undefined) {
        logger.error('the workflow could not be woken', { requestId, cause: cancellation.wakeFailure })
      }
      return json(200, requestView(cancellation.request))
    }
    const detail = `The request is ${cancellation.status} and can no longer be cancelled.`
    throw new ProblemError({
      status: 409,
      code: 'not-pending',
      detail,
      requestId,
      wouldPass: 'a request that is PENDING',
    })
  }
}
