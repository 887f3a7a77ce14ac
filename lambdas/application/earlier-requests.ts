import type { EarlierRequests, RequesterHistory } from '../domain/earlier-requests.ts'
import { plusSeconds } from '../domain/instant.ts'
import type { Request } from '../domain/request.ts'
import { similarRequests } from '../domain/similar-requests.ts'
import type { Clock } from './ports/chance.ts'
import type { RequestPage, RequestStore } from './ports/request-store.ts'

const NINETY_DAYS = 90 * 86_400
/** Requests looked at, of the requester and of the entitlement. Where there were more, that is said. */
const MOST_LOOKED_AT = 100

export interface EarlierDeps {
  readonly store: Pick<RequestStore, 'list'>
  readonly clock: Clock
}

/**
 * What came before a request in the last 90 days: what its requester asked for, and what was decided of requests for the same
 * entitlement. One page of each. Without an id, before a request that is not made yet.
 */
export async function earlierRequests(
  deps: EarlierDeps,
  { requester, entitlement, id }: Pick<Request, 'requester' | 'entitlement'> & { readonly id?: string | undefined },
): Promise<EarlierRequests> {
  const since = plusSeconds(deps.clock.now(), -NINETY_DAYS)
  const [own, same] = await Promise.all([
    deps.store.list({ requester, limit: MOST_LOOKED_AT }),
    deps.store.list({ entitlement, limit: MOST_LOOKED_AT }),
  ])
  const before = ({ requests }: RequestPage) =>
    requests.filter(request => (id === undefined || request.id < id) && request.askedAt >= since)
  return {
    history: requesterHistory(before(own), goesOn(own, since)),
    similar: similarRequests(before(same), goesOn(same, since)),
  }
}

function requesterHistory(earlier: readonly Request[], isCut: boolean): RequesterHistory {
  return {
    askedLast90Days: earlier.length,
    grantedLast90Days: earlier.filter(({ grant }) => grant !== undefined).length,
    ...(earlier[0] && { lastAskedAt: earlier[0].askedAt }),
    isCut,
  }
}

/** Whether some of the time may lie on pages that are not looked at. */
function goesOn({ requests, cursor }: RequestPage, since: Date): boolean {
  const oldest = requests.at(-1)
  return cursor !== undefined && (oldest === undefined || oldest.askedAt >= since)
}
