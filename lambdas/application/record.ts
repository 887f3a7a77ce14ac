import { RequestMissingError } from '../domain/errors.ts'
import type { Transition } from '../domain/lifecycle.ts'
import type { Request } from '../domain/request.ts'
import type { RequestStore } from './ports/request-store.ts'

/** How often a step is tried again when something else was written in between. Each loser lost to a winner, so this is ample. */
export const MOST_ATTEMPTS = 12

/**
 * Takes a step from whatever the request is now: reads it, asks `next` for the step, writes it; when another step was written
 * first, reads again and asks again. `next` gives a `Transition`, or anything else to stop and give back.
 */
export async function advance<Stop>(
  store: Pick<RequestStore, 'find' | 'commit'>,
  requestId: string,
  next: (request: Request) => Transition | { readonly stop: Stop },
  usedLink?: string,
): Promise<
  | { readonly outcome: 'written'; readonly transition: Transition }
  | { readonly outcome: 'stopped'; readonly stop: Stop; readonly request: Request }
> {
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
    const request = await store.find(requestId)
    if (!request) throw new RequestMissingError(requestId)
    const step = next(request)
    if ('stop' in step) return { outcome: 'stopped', stop: step.stop, request }
    if ((await store.commit(step, usedLink)) === 'won') return { outcome: 'written', transition: step }
  }
  throw new ContendedRequestError(requestId)
}

/** So many steps were written to one request at once that this one found no gap. Nothing was written; try again. */
export class ContendedRequestError extends Error {
  override readonly name = 'ContendedRequestError'

  constructor(requestId: string) {
    super(`request ${requestId} changed ${MOST_ATTEMPTS} times while one step was tried`)
  }
}
