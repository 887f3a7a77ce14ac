import { RequestMissingError } from '../domain/errors.ts'
import type { LedgerEvent } from '../domain/ledger.ts'
import type { History, RequestStore } from './ports/request-store.ts'

/** A new event with what came before it. */
export interface Watched extends History {
  readonly event: LedgerEvent
}

/** Somebody who is shown every new event, one by one, at least once. Throws when it could not take one. */
export interface Watcher {
  see(watched: Watched): Promise<void>
}

export interface WatchDeps {
  readonly store: Pick<RequestStore, 'history'>
  /** In this order: what bears being told twice stands before what does not, because a failure of one shows the event to all again. */
  readonly watchers: readonly Watcher[]
}

/**
 * Shows a new event to every watcher. Its history is cut after it, so that whoever is shown it again sees what was seen before; the
 * request itself is as it is now.
 */
export async function watchEvent({ store, watchers }: WatchDeps, event: LedgerEvent): Promise<void> {
  const history = await store.history(event.requestId)
  if (!history) throw new RequestMissingError(event.requestId)
  const events = history.events.filter(({ sequence }) => sequence <= event.sequence)
  for (const watcher of watchers) await watcher.see({ event, events, request: history.request })
}
