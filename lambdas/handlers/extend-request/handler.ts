import { extendAccess } from '../../application/extend-access.ts'
import type { RequestAccessDeps } from '../../application/request-access.ts'
import { $ExtensionBody } from '../../contract/request-body.ts'
import type { ApiAnswer, ApiEvent } from '../../runtime/api.ts'
import { jsonBody } from '../../runtime/body.ts'
import { callerOf } from '../../runtime/caller.ts'
import { noSuchRequest, requestIdOf } from '../../runtime/request-id.ts'
import { sourceAddressOf } from '../../runtime/source-address.ts'
import { answer, idempotencyKeyOf } from '../create-request/handler.ts'

/** `POST /requests/{id}/extend`: the requester asks for more, from the end of the grant in force on; 202 with the new request. */
export function createHandler(deps: RequestAccessDeps) {
  return async (event: ApiEvent): Promise<ApiAnswer> => {
    const { person, principal } = callerOf(event, deps.access)
    const requestId = requestIdOf(event)
    const idempotencyKey = idempotencyKeyOf(event)
    const { duration, reason, ticket } = jsonBody(event, $ExtensionBody)
    const from = sourceAddressOf(event)
    const extension = {
      requester: person.id,
      principal,
      durationSeconds: duration,
      reason,
      ticket,
      idempotencyKey,
      from,
    }
    const extended = await extendAccess(deps, requestId, extension)
    if (extended.outcome === 'unknown-request') throw noSuchRequest()
    return answer(extended)
  }
}
