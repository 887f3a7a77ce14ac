import { decidableBy } from '../../application/decidable.ts'
import { type HoldDeps, holdOf } from '../../application/hold-of.ts'
import type { Books } from '../../application/ports/books.ts'
import type { Clock } from '../../application/ports/chance.ts'
import type { RequestStore } from '../../application/ports/request-store.ts'
import { grantedView } from '../../contract/granted-view.ts'
import { decidableView, eventView, extensionsOf, holdView, requestView } from '../../contract/request-view.ts'
import { activityJson } from '../../domain/activity/activity.ts'
import { type ApiAnswer, type ApiEvent, json } from '../../runtime/api.ts'
import { callerOf, maySee } from '../../runtime/caller.ts'
import { type ProvenCallerDeps, proven } from '../../runtime/proven-caller.ts'
import { noSuchRequest, requestIdOf } from '../../runtime/request-id.ts'

export interface ReadRequestDeps extends ProvenCallerDeps, HoldDeps {
  readonly store: Pick<RequestStore, 'history'>
  readonly books: Pick<Books, 'find'>
  readonly clock: Clock
}

/**
 * `GET /requests/{id}`: one request with its timeline, what its grant allows, and once that is over what was done with it. For its
 * requester, and for its approvers, administrators and auditors if their session proves who they are. An approver of the open stage
 * also gets what a signed decision needs. Of a pending one, whether a finding holds it back.
 */
export function createHandler({ access, store, books, findings, clock, principals }: ReadRequestDeps) {
  return async (event: ApiEvent): Promise<ApiAnswer> => {
    const caller = callerOf(event, access)
    const history = await store.history(requestIdOf(event))
    // Before it is said whether there is one: a name alone learns nothing of what is not its own.
    if (history?.request.requester !== caller.person.id) await proven(caller, { principals })
    if (!history) throw noSuchRequest()
    const { request, events } = history
    if (!maySee(access, caller, request)) throw noSuchRequest()
    const decidable = decidableBy({ access, clock }, request, caller.person.id)
    const hold = request.status === 'PENDING' ? await holdOf({ findings }, request) : undefined
    const activity = request.ending && (await books.find(request.id))
    return json(200, {
      ...requestView(request),
      extendedBy: extensionsOf(events),
      events: events.map(eventView),
      lastEvent: request.lastEvent,
      heldBy: hold && holdView(hold),
      ...grantedView(access, request),
      activity: activity && activityJson(activity),
      ...(decidable && decidableView(decidable)),
    })
  }
}
