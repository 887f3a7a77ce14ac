import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge'
import type { FindingTeller } from '../application/ports/finding-teller.ts'
import type { Watched, Watcher } from '../application/watch-event.ts'
import { BUS_SOURCE, busEvent, DETAIL_TYPES } from '../contract/bus-event.ts'
import { FINDING_OPENED, findingEvent } from '../contract/finding-event.ts'
import type { Finding } from '../domain/findings/finding.ts'

/** Puts every event, and every finding that is opened, on the bus, for whoever subscribes to it. */
export class EventBridgeBus implements Watcher, FindingTeller {
  readonly #client: EventBridgeClient
  readonly #busName: string
  readonly #apiUrl: string

  constructor(client: EventBridgeClient, { busName, apiUrl }: { readonly busName: string; readonly apiUrl: string }) {
    this.#client = client
    this.#busName = busName
    this.#apiUrl = apiUrl
  }

  async see(watched: Watched): Promise<void> {
    const { type, at } = watched.event
    await this.#put(DETAIL_TYPES[type], at, busEvent(watched, this.#apiUrl))
  }

  async tellOpened(finding: Finding, person: string | undefined): Promise<void> {
    await this.#put(FINDING_OPENED, finding.openedAt, findingEvent(finding, person, this.#apiUrl))
  }

  /** PutEvents answers 200 also for what it did not take. */
  async #put(DetailType: string, Time: Date, detail: { readonly id: string }): Promise<void> {
    const Detail = JSON.stringify(detail)
    const { FailedEntryCount = 0, Entries = [] } = await this.#client.send(
      new PutEventsCommand({
        Entries: [{ EventBusName: this.#busName, Source: BUS_SOURCE, DetailType, Detail, Time }],
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
