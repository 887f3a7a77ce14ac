import type { RequestStore } from '../../application/ports/request-store.ts'
import { eventView, requestView } from '../../contract/request-view.ts'
import type { AccessFile } from '../../domain/access-file.ts'
import { type ApiAnswer, type ApiEvent, json } from '../../runtime/api.ts'
import { callerOf, seesEverything } from '../../runtime/caller.ts'
import { noSuchRequest, requestIdOf } from '../../runtime/request-id.ts'

export interface ReadRequestDeps {
  readonly access: AccessFile
  readonly store: Pick<RequestStore, 'history'>
}

/** `GET /requests/{id}`: one request with its timeline. For its requester, its approvers, administrators and auditors. */
export function createHandler({ access, store }: ReadRequestDeps) {
  return async (event: ApiEvent): Promise<ApiAnswer> => {
    const caller = callerOf(event, access)
    const history = await store.history(requestIdOf(event))
    if (!history) throw noSuchRequest()
    const { request, events } = history
    const concerned = [request.requester, ...request.stages.flatMap(({ approvers }) => approvers)]
    if (!concerned.includes(caller.person.id) && !seesEverything(access, caller)) throw noSuchRequest()
    return json(200, { ...requestView(request), events: events.map(eventView) })
  }
}
