import type * as z from 'zod/mini'
import { BrokenWorldError } from '../errors.ts'
import { inkFor } from '../print/ink.ts'
import { eventText, statusText } from '../print/request-text.ts'
import type { Surroundings } from '../surroundings.ts'
import type { EventAnswer } from './answers.ts'
import { $RequestWithEvents } from './answers.ts'
import type { Api } from './api.ts'
import { parsedAnswer } from './api-command.ts'
import { ApiProblemError } from './problem.ts'

export type WatchedRequest = z.output<typeof $RequestWithEvents>

const POLL_MILLISECONDS = 2000
/** Calls that fail one after the other before watching is given up: a minute of a broken network. */
const MOST_FAILURES = 30

/** Reads a request again and again, tells every new event on `err`, and gives the request back when `isEnough` says so. */
export async function watch(
  api: Api,
  requestId: string,
  surroundings: Surroundings,
  isEnough: (request: WatchedRequest) => boolean,
): Promise<WatchedRequest> {
  const { err, sleep } = surroundings
  const ink = inkFor(err, surroundings)
  const told: { sequence: number; status: string } = { sequence: 0, status: '' }
  for (let failures = 0; ; ) {
    const request = await attempt(api, requestId)
    if (request instanceof Error) {
      failures += 1
      if (failures >= MOST_FAILURES) throw request
    } else {
      failures = 0
      for (const event of request.events.filter(({ sequence }) => sequence > told.sequence)) tell(event)
      if (request.status !== told.status) err.write(`${statusText(request.status, ink)}\n`)
      told.status = request.status
      if (isEnough(request)) return request
    }
    await sleep(POLL_MILLISECONDS)
  }

  function tell(event: EventAnswer): void {
    told.sequence = event.sequence
    err.write(eventText(event, ink))
  }
}

/** The request, or what kept it from being read this time. What will not pass by waiting is thrown. */
async function attempt(api: Api, requestId: string): Promise<WatchedRequest | Error> {
  try {
    return parsedAnswer($RequestWithEvents, await api.get(`/requests/${requestId}`))
  } catch (error) {
    const isPassing = error instanceof BrokenWorldError || (error instanceof ApiProblemError && error.status >= 500)
    if (isPassing) return error
    throw error
  }
}
