import type { Books } from '../../lambdas/application/ports/books.ts'
import { activityRow, readActivity } from '../../lambdas/contract/activity-row.ts'
import { BOOKS_OPEN } from '../../lambdas/contract/keys.ts'
import type { Activity } from '../../lambdas/domain/activity/activity.ts'
import { Faults } from './faults.ts'
import type { InMemoryRequestStore } from './in-memory-request-store.ts'

/** What was done with each grant, as rows in memory; which books are open the rows of the requests say. */
export class InMemoryBooks implements Books {
  readonly rows = new Map<string, string>()
  readonly #requests: InMemoryRequestStore
  readonly #faults: Faults

  constructor(requests: InMemoryRequestStore, faults = new Faults()) {
    this.#requests = requests
    this.#faults = faults
  }

  async *open(): AsyncIterable<string> {
    yield* await this.#faults.around('books.open', () =>
      [...this.#requests.rows.values()]
        .map(text => JSON.parse(text))
        .flatMap(row => (row.open === BOOKS_OPEN ? [String(row.id)] : []))
        .sort(),
    )
  }

  find(requestId: string): Promise<Activity | undefined> {
    return this.#faults.around('books.find', () => this.#kept(requestId))
  }

  keep(activity: Activity): Promise<Activity> {
    return this.#faults.around('books.keep', () => {
      const kept = this.#kept(activity.requestId)
      if (kept?.state === 'final') return kept
      this.rows.set(activity.requestId, JSON.stringify(activityRow(activity)))
      return activity
    })
  }

  #kept(requestId: string): Activity | undefined {
    const row = this.rows.get(requestId)
    return row === undefined ? undefined : readActivity(JSON.parse(row))
  }
}
