import { InvalidCursorError, type RequestPage, type RequestStore } from '../../application/ports/request-store.ts'
import { $ListQuery, type ListQuery } from '../../contract/list-query.ts'
import { requestView } from '../../contract/request-view.ts'
import { type ApiAnswer, type ApiEvent, json } from '../../runtime/api.ts'
import { callerOf, seesEverything } from '../../runtime/caller.ts'
import { ProblemError } from '../../runtime/problem.ts'
import { type ProvenCallerDeps, proven } from '../../runtime/proven-caller.ts'
import { queryOf } from '../../runtime/query.ts'

export interface ListRequestsDeps extends ProvenCallerDeps {
  readonly store: Pick<RequestStore, 'list'>
}

/** `GET /requests`: the caller's own, newest first; everybody's for administrators and auditors whose session proves who they are. */
export function createHandler({ access, store, principals }: ListRequestsDeps) {
  return async (event: ApiEvent): Promise<ApiAnswer> => {
    const caller = callerOf(event, access)
    const query = queryOf(event, $ListQuery)
    const requester = seesEverything(access, caller) ? query.requester : caller.person.id
    if (query.requester !== undefined && query.requester !== requester) {
      const detail = 'Only administrators and auditors see the requests of others.'
      throw new ProblemError({ status: 403, code: 'not-yours', detail, wouldPass: 'the list without requester' })
    }
    if (requester !== caller.person.id) await proven(caller, { principals })
    const { requests, cursor } = await pageOf(store, { ...query, requester })
    return json(200, { requests: requests.map(requestView), cursor })
  }
}

async function pageOf(store: ListRequestsDeps['store'], query: ListQuery): Promise<RequestPage> {
  try {
    return await store.list(query)
  } catch (cause) {
    if (!(cause instanceof InvalidCursorError)) throw cause
    const detail = 'The cursor was not given by this list.'
    throw new ProblemError(
      { status: 400, code: 'invalid-cursor', detail, wouldPass: 'the cursor of the page before' },
      { cause },
    )
  }
}
