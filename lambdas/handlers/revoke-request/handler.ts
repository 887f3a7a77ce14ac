import { endEarly } from '../../application/end-early.ts'
import type { EndGrantDeps } from '../../application/end-grant.ts'
import { requestView } from '../../contract/request-view.ts'
import { type ApiAnswer, type ApiEvent, json } from '../../runtime/api.ts'
import { adminOf } from '../../runtime/caller.ts'
import { noGrantToEnd, noSuchRequest, requestIdOf } from '../../runtime/request-id.ts'

/** `POST /requests/{id}/revoke`: an administrator takes the grant away, at once; 200 with the receipt. */
export function createHandler(deps: EndGrantDeps) {
  return async (event: ApiEvent): Promise<ApiAnswer> => {
    const { person } = adminOf(event, deps.access)
    const request = await deps.store.find(requestIdOf(event))
    if (!request) throw noSuchRequest()
    const ended = await endEarly(deps, request, { by: person.id, cause: 'revoked' })
    if (ended.outcome === 'no-grant') throw noGrantToEnd(request.id, ended.status)
    return json(200, requestView(ended.request))
  }
}
