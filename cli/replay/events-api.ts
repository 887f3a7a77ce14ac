import * as z from 'zod/mini'
import { $Requests } from '../api/answers.ts'
import type { Api } from '../api/api.ts'
import { parsedAnswer } from '../api/api-command.ts'
import { type PastRequest, pastRequestOf } from './past-request.ts'

const $Events = z.object({ events: z.array(z.looseObject({})) })
const PAGE = 100
/** How many requests are read at once: the API is throttled. */
const AT_ONCE = 5

/** The requests an auditor sees, newest first, down to those asked before `since`. */
export async function* requestsOfApi(api: Api, since: Date | undefined): AsyncGenerator<PastRequest> {
  let cursor: string | undefined
  do {
    const query = new URLSearchParams({ limit: String(PAGE), ...(cursor !== undefined && { cursor }) })
    const page = parsedAnswer($Requests, await api.get(`/requests?${query}`))
    const wanted = page.requests.filter(({ askedAt }) => !since || new Date(askedAt) >= since)
    for (let first = 0; first < wanted.length; first += AT_ONCE) {
      const some = wanted.slice(first, first + AT_ONCE)
      yield* (await Promise.all(some.map(({ requestId }) => requestOf(api, requestId)))).flat()
    }
    cursor = wanted.length < page.requests.length ? undefined : page.cursor
  } while (cursor !== undefined)
}

async function requestOf(api: Api, requestId: string): Promise<readonly PastRequest[]> {
  const { events } = parsedAnswer($Events, await api.get(`/requests/${requestId}`))
  const request = pastRequestOf({ requestId, ...events[0] }, `request ${requestId}`)
  return request ? [request] : []
}
