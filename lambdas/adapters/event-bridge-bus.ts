import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge'
import type { Watched, Watcher } from '../application/watch-event.ts'
import { BUS_SOURCE, busEvent, DETAIL_TYPES } from '../contract/bus-event.ts'

/** Puts every event on the bus, for whoever subscribes to it. */
export class EventBridgeBus implements Watcher {
  readonly #client: EventBridgeClient
  readonly #busName: string
  readonly #apiUrl: string

  constructor(client: EventBridgeClient, { busName, apiUrl }: { readonly busName: string; readonly apiUrl: string }) {
    this.#client = client
    this.#busName = busName
    this.#apiUrl = apiUrl
  }

  /** PutEvents answers 200 also for what it did not take. */
  async see(watched: Watched): Promise<void> {
    const { type, at } = watched.event
    const detail = busEvent(watched, this.#apiUrl)
    const { FailedEntryCount = 0, Entries = [] } = await this.#client.send(
      new PutEventsCommand({
        Entries: [
          {
            EventBusName: this.#busName,
            Source: BUS_SOURCE,
            DetailType: DETAIL_TYPES[type],
            Detail: JSON.stringify(detail),
            Time: at,
          },
        ],
      }),
    )
    if (FailedEntryCount > 0) throw new EventNotTakenError(detail.id, Entries[0]?.ErrorCode ?? 'unknown')
  }
}

/** The bus did not take an event. */
export class EventNotTakenError extends Error {
  override readonly name = 'EventNotTakenError'

  constructor(id: string, why: string) {
    super(`the bus did not take event ${id}: ${why}`)
  }
}
