import { plusSeconds } from '../domain/instant.ts'
import type { Request, Status } from '../domain/request.ts'
import type { Clock } from './ports/chance.ts'
import type { RequestStore } from './ports/request-store.ts'

const NINETY_DAYS = 90 * 86_400
/** Requests looked at. Who asks more often than that in ninety days is shown with this number. */
const MOST_LOOKED_AT = 100
const GRANTED: ReadonlySet<Status> = new Set(['APPROVED', 'ACTIVE', 'ENDED'])

/** What the requester asked for before this request, so that an approver sees the usual from the unusual. */
export async function requesterHistory(
  { store, clock }: { readonly store: Pick<RequestStore, 'list'>; readonly clock: Clock },
  request: Request,
) {
  const since = plusSeconds(clock.now(), -NINETY_DAYS)
  const { requests } = await store.list({ requester: request.requester, limit: MOST_LOOKED_AT })
  const earlier = requests.filter(({ id, askedAt }) => id < request.id && askedAt >= since)
  return {
    askedLast90Days: earlier.length,
    grantedLast90Days: earlier.filter(({ status }) => GRANTED.has(status)).length,
    ...(earlier[0] && { lastAskedAt: earlier[0].askedAt }),
  }
}
