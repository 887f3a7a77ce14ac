import { endEarly } from '../../application/end-early.ts'
import type { EndGrantDeps } from '../../application/end-grant.ts'
import { requestView } from '../../contract/request-view.ts'
import { $RevokeBody } from '../../contract/revoke-body.ts'
import { type ApiAnswer, type ApiEvent, json } from '../../runtime/api.ts'
import { bodyText, jsonBody } from '../../runtime/body.ts'
import { type ProvenCallerDeps, provenAdminOf } from '../../runtime/proven-caller.ts'
import { noGrantToEnd, noSuchRequest, requestIdOf } from '../../runtime/request-id.ts'

/** `POST /requests/{id}/revoke`: an administrator takes the grant away, at once; 200 with the receipt. The body may be empty, or say why. */
export function createHandler(deps: EndGrantDeps & ProvenCallerDeps) {
  return async (event: ApiEvent): Promise<ApiAnswer> => {
    const { person } = await provenAdminOf(event, deps)
    const { reason } = bodyText(event).trim() === '' ? {} : jsonBody(event, $RevokeBody)
    const request = await deps.store.find(requestIdOf(event))
    if (!request) throw noSuchRequest()
    const ended = await endEarly(deps, request, { by: person.id, cause: 'revoked', reason })
    if (ended.outcome === 'no-grant') throw noGrantToEnd(request.id, ended.status)
    return json(200, requestView(ended.request))
  }
}
