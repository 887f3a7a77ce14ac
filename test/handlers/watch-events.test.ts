import { describe, expect, it } from '@jest/globals'
import type { Watched, Watcher } from '../../lambdas/application/watch-event.ts'
import { eventRow } from '../../lambdas/contract/rows.ts'
import { createHandler } from '../../lambdas/handlers/watch-events/handler.ts'
import { aBatch, aBatchOf } from '../support/stream-batch.ts'
import { aWorld } from '../support/world.ts'

class RecordedWatcher implements Watcher {
  readonly seen: Watched[] = []
  /** How many it still refuses. */
  failures = 0

  async see(watched: Watched): Promise<void> {
    if (this.failures > 0) {
      this.failures -= 1
      throw new Error('the bus is full')
    }
    this.seen.push(watched)
  }

  get types(): readonly string[] {
    return this.seen.map(({ event }) => event.type)
  }
}

async function aHouse() {
  const world = aWorld()
  const { id } = await world.asked()
  const history = await world.store.history(id)
  const events = history?.events ?? []
  const first = new RecordedWatcher()
  const second = new RecordedWatcher()
  const errors: string[] = []
  const logger = { error: (...[message]: readonly unknown[]) => void errors.push(String(message)) }
  const { store, metrics } = world
  return {
    world,
    events,
    first,
    second,
    errors,
    handler: createHandler({ store, metrics, watchers: [first, second] }, logger),
  }
}

describe('the watch', () => {
  it('NOT-04 shows every new event to every watcher, in order, with what came before it', async () => {
    const { handler, events, first, second } = await aHouse()

    expect(await handler(aBatchOf(events))).toEqual({ batchItemFailures: [] })

    expect(first.types).toEqual(['asked', 'approvers-asked'])
    expect(second.types).toEqual(first.types)
    expect(first.seen.map(({ events: before }) => before.length)).toEqual([1, 2])
    expect(first.seen[0]?.event).toEqual(events[0])
  })

  it('NOT-04 names the first event that could not be shown, and shows nothing after it', async () => {
    const { handler, events, first, second, errors } = await aHouse()
    second.failures = 1

    expect(await handler(aBatchOf(events))).toEqual({ batchItemFailures: [{ itemIdentifier: '1' }] })

    expect([first.types, second.types]).toEqual([['asked'], []])
    expect(errors).toEqual(['an event could not be shown'])
  })

  it('NOT-04 shows an event again when Lambda comes back with it, so that none is lost', async () => {
    const { handler, events, second } = await aHouse()
    second.failures = 1
    await handler(aBatchOf(events))

    expect(await handler(aBatchOf(events))).toEqual({ batchItemFailures: [] })

    expect(second.types).toEqual(['asked', 'approvers-asked'])
  })

  it('NOT-04 counts a row that is no event, and the events after it do not wait for it', async () => {
    const { handler, events, first, errors, world } = await aHouse()
    const [asked, ...others] = events.map(eventRow)
    if (!asked) throw new Error('no event')

    const answer = await handler(aBatch([{ ...asked, type: 'unheard-of' }, ...others]))

    expect(answer).toEqual({ batchItemFailures: [] })
    expect(first.types).toEqual(['approvers-asked'])
    expect(world.metrics.counts).toContainEqual({ EventsUnreadable: 1 })
    expect(errors).toEqual(['a new row is no event'])
  })

  it('NOT-04 fails on what is no batch of a stream', async () => {
    const { handler } = await aHouse()

    await expect(handler({ Records: [{ eventName: 'INSERT' }] })).rejects.toThrow()
    await expect(handler({})).rejects.toThrow()
  })
})
