import { endEarly } from '../../application/end-early.ts'
import type { EndGrantDeps } from '../../application/end-grant.ts'
import { requestView } from '../../contract/request-view.ts'
import { type ApiAnswer, type ApiEvent, json } from '../../runtime/api.ts'
import { type ProvenCallerDeps, provenCallerOf } from '../../runtime/proven-caller.ts'
import { noGrantToEnd, noSuchRequest, requestIdOf } from '../../runtime/request-id.ts'

/** `POST /requests/{id}/end`: "I'm done". The requester gives the grant back before its time; 200 with the receipt. */
export function createHandler(deps: EndGrantDeps & ProvenCallerDeps) {
  return async (event: ApiEvent): Promise<ApiAnswer> => {
    const { person } = await provenCallerOf(event, deps)
    const request = await deps.store.find(requestIdOf(event))
    if (request?.requester !== person.id) throw noSuchRequest()
    const ended = await endEarly(deps, request, { by: person.id, cause: 'returned' })
    if (ended.outcome === 'no-grant') throw noGrantToEnd(request.id, ended.status)
    return json(200, requestView(ended.request))
  }
}
