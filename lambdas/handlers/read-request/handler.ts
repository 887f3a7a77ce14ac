import { decidableBy } from '../../application/decidable.ts'
import type { Books } from '../../application/ports/books.ts'
import type { Clock } from '../../application/ports/chance.ts'
import type { RequestStore } from '../../application/ports/request-store.ts'
import { decidableView, eventView, extensionsOf, requestView } from '../../contract/request-view.ts'
import type { AccessFile } from '../../domain/access-file.ts'
import { activityJson } from '../../domain/activity/activity.ts'
import { type ApiAnswer, type ApiEvent, json } from '../../runtime/api.ts'
import { callerOf, maySee } from '../../runtime/caller.ts'
import { noSuchRequest, requestIdOf } from '../../runtime/request-id.ts'

export interface ReadRequestDeps {
  readonly access: AccessFile
  readonly store: Pick<RequestStore, 'history'>
  readonly books: Pick<Books, 'find'>
  readonly clock: Clock
}

/**
 * `GET /requests/{id}`: one request with its timeline, and what was done with its grant once that is over. For its requester, its approvers, administrators and auditors. An approver of
 * the open stage also gets what a signed decision needs.
 */
export function createHandler({ access, store, books, clock }: ReadRequestDeps) {
  return async (event: ApiEvent): Promise<ApiAnswer> => {
    const caller = callerOf(event, access)
    const history = await store.history(requestIdOf(event))
    if (!history) throw noSuchRequest()
    const { request, events } = history
    if (!maySee(access, caller, request)) throw noSuchRequest()
    const decidable = decidableBy({ access, clock }, request, caller.person.id)
    const activity = request.ending && (await books.find(request.id))
    return json(200, {
      ...requestView(request),
      extendedBy: extensionsOf(events),
      events: events.map(eventView),
      activity: activity && activityJson(activity),
      ...(decidable && decidableView(decidable)),
    })
  }
}
