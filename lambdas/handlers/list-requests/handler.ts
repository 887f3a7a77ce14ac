import { InvalidCursorError, type RequestPage, type RequestStore } from '../../application/ports/request-store.ts'
import { $ListQuery, type ListQuery } from '../../contract/list-query.ts'
import { requestView } from '../../contract/request-view.ts'
import type { AccessFile } from '../../domain/access-file.ts'
import { type ApiAnswer, type ApiEvent, json } from '../../runtime/api.ts'
import { callerOf, seesEverything } from '../../runtime/caller.ts'
import { ProblemError } from '../../runtime/problem.ts'

export interface ListRequestsDeps {
  readonly access: AccessFile
  readonly store: Pick<RequestStore, 'list'>
}

/** `GET /requests`: the caller's own, newest first; everybody's for administrators and auditors. */
export function createHandler({ access, store }: ListRequestsDeps) {
  return async (event: ApiEvent): Promise<ApiAnswer> => {
    const caller = callerOf(event, access)
    const query = queryOf(event)
    const requester = seesEverything(access, caller) ? query.requester : caller.person.id
    if (query.requester !== undefined && query.requester !== requester) {
      const detail = 'Only administrators and auditors see the requests of others.'
      throw new ProblemError({ status: 403, code: 'not-yours', detail, wouldPass: 'the list without requester' })
    }
    const { requests, cursor } = await pageOf(store, { ...query, requester })
    return json(200, { requests: requests.map(requestView), cursor })
  }
}

function queryOf({ queryStringParameters }: ApiEvent): ListQuery {
  const query = $ListQuery.safeParse(queryStringParameters ?? {})
  if (query.success) return query.data
  const errors = query.error.issues.map(({ path, message }) => ({ at: path.join('.') || '(query)', message }))
  const detail = errors.map(({ at, message }) => `${at}: ${message}`).join('; ')
  throw new ProblemError({
    status: 400,
    code: 'invalid-query',
    detail,
    errors,
    wouldPass: 'status, entitlement, requester, limit, cursor',
  })
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
