import { describe, expect, it } from '@jest/globals'
import { eventRow, requestRow } from '../../lambdas/contract/rows.ts'
import { isOpen } from '../../lambdas/domain/request.ts'
import { createHandler } from '../../lambdas/handlers/watch-events/handler.ts'
import { aHistory } from '../support/a-history.ts'
import { aBatch, aBatchOf, aBatchOfChanges, type Change, expired } from '../support/stream-batch.ts'
import { aWorld } from '../support/world.ts'

const asked = aHistory()
const approved = asked.approved()
const active = approved.activated()
const ended = active.ended()
const { id } = ended.request
const [first, second] = [rowOfEvent(1), rowOfEvent(2)]
const closed = requestRow(ended.request)
const foreign = { ...first, actor: { person: 'mallory' } }

function aWatch() {
  const { store, metrics } = aWorld()
  const seen: string[] = []
  const logged: unknown[] = []
  const watcher = { see: async ({ event }: { event: { type: string } }) => void seen.push(event.type) }
  const logger = { error: (...[message, details]: readonly unknown[]) => void logged.push([message, details]) }
  return { store, metrics, seen, logged, handler: createHandler({ store, metrics, watchers: [watcher] }, logger) }
}

const REWRITTEN = 'a row of the ledger was rewritten'
const ofEvent = (was: string, sequence: string) => ({ row: 'event', was, requestId: id, sequence })
const ofRequest = (was: string) => ({ row: 'request', was, requestId: id, sequence: String(ended.events.length) })

describe('a row of the ledger that something other than Lapse rewrote', () => {
  it.each<[string, object, ReturnType<typeof aBatchOfChanges>]>([
    ['an event with another actor', ofEvent('changed', '00001'), changed(first, foreign)],
    ['an event that is none any more', ofEvent('changed', '00002'), changed(second, { pk: second.pk, sk: second.sk })],
    ['an event shown as changed that reads the same', ofEvent('changed', '00001'), changed(first, first)],
    ['an event given a time to live', ofEvent('changed', '00001'), changed(first, { ...first, ttl: 1 })],
    ['an event that was deleted', ofEvent('deleted', '00002'), aBatchOfChanges([{ before: second }])],
    ['an event whose time to live was over', ofEvent('deleted', '00002'), expired({ ...second, ttl: 1 })],
    ['a closed request with another reason', ofRequest('changed'), changed(closed, { ...closed, reason: 'none' })],
    ['a closed request opened again', ofRequest('changed'), changed(closed, { ...closed, status: 'ACTIVE' })],
    ['a request put back to what it was', ofRequest('changed'), changed(closed, requestRow(active.request))],
    ['a request that skips an event', ofRequest('changed'), changed(closed, atEvent(2))],
    ['a request without its last event', ofRequest('changed'), changed(closed, { pk: closed.pk, sk: closed.sk })],
    ['a request that was deleted', ofRequest('deleted'), aBatchOfChanges([{ before: closed }])],
  ])('AUD-02 is counted and named by its request and its number: %s', async (_, named, batch) => {
    const { handler, metrics, seen, logged } = aWatch()

    expect(await handler(batch)).toEqual({ batchItemFailures: [] })

    expect(metrics.counts).toEqual([{ ChainsBroken: 1 }])
    expect(logged).toEqual([[REWRITTEN, named]])
    expect(seen).toEqual([])
  })

  it('AUD-02 is counted as deleted when it is put in again with another content, and the other is shown nobody', async () => {
    const { handler, metrics, seen, logged } = aWatch()

    await handler(aBatchOfChanges([{ before: first }, { after: { ...foreign, kind: 'note' } }]))

    expect(metrics.counts).toEqual([{ ChainsBroken: 1 }, { EventsUnreadable: 1 }])
    expect(logged).toEqual([
      [REWRITTEN, ofEvent('deleted', '00001')],
      ['a new row is no event', { error: expect.any(Error) }],
    ])
    expect(seen).toEqual([])
  })

  it('AUD-02 is counted although the events before it cannot be shown, which may be its doing', async () => {
    const { handler, metrics } = aWatch()
    const gone = [...ended.events.map(each => ({ after: eventRow(each) })), { before: closed }]

    expect(await handler(aBatchOfChanges(gone))).toEqual({ batchItemFailures: [{ itemIdentifier: '1' }] })

    expect(metrics.counts).toEqual([{ ChainsBroken: 1 }])
  })

  it('AUD-02 fails the batch when it could not be counted, so that Lambda comes back with all of it', async () => {
    const { store } = aWatch()
    const metrics = { count: () => Promise.reject(new Error('no metrics now')) }
    const handler = createHandler({ store, metrics, watchers: [] }, { error: () => {} })

    await expect(handler(changed(first, foreign))).rejects.toThrow('no metrics now')
  })
})

describe('a new row under the key of an event', () => {
  it.each([
    ['the event of another request', { ...first, requestId: '01JNQR4T8Z0000000000000000' }],
    ['an event of another number', { ...first, sequence: 2 }],
    ['no event by its kind', { ...first, kind: 'note' }],
  ])('AUD-02 is counted as unreadable when it is %s', async (_, row) => {
    const { handler, metrics, seen } = aWatch()

    expect(await handler(aBatch([row]))).toEqual({ batchItemFailures: [] })

    expect(metrics.counts).toEqual([{ EventsUnreadable: 1 }])
    expect(seen).toEqual([])
  })
})

describe('what Lapse itself writes', () => {
  it('AUD-02 counts as no rewriting: a request that begins and takes one step after the other until it is over', async () => {
    const { handler, metrics, logged } = aWatch()
    const steps = [asked, approved, active, ended].map(({ request }) => requestRow(request))

    expect(isOpen(ended.request)).toBe(false)
    expect(await handler(aBatchOfChanges([...eachAfter(steps)]))).toEqual({ batchItemFailures: [] })

    expect({ counts: metrics.counts, logged }).toEqual({ counts: [], logged: [] })
  })

  it('AUD-02 counts as no rewriting: rows beside the ledger that change or leave by their time to live', async () => {
    const { handler, metrics } = aWatch()
    const link = { pk: 'LINK#x', sk: 'LINK', kind: 'link' }
    const activity = { pk: closed.pk, sk: 'ACTIVITY', kind: 'activity' }

    await handler(aBatchOfChanges([{ before: link }, { before: activity, after: { ...activity, isFinal: true } }]))

    expect(metrics.counts).toEqual([])
  })

  it('AUD-02 counts as no rewriting: its new events, which are shown', async () => {
    const world = aWorld()
    const request = await world.asked()
    const { events = [] } = (await world.store.history(request.id)) ?? {}
    const seen: string[] = []
    const watchers = [{ see: async ({ event }: { event: { type: string } }) => void seen.push(event.type) }]
    const handler = createHandler({ store: world.store, metrics: world.metrics, watchers }, { error: () => {} })

    await handler(aBatchOf(events))

    expect(seen).toEqual(events.map(({ type }) => type))
    expect(world.metrics.counts).not.toContainEqual({ ChainsBroken: 1 })
  })
})

function rowOfEvent(sequence: number) {
  const event = ended.events[sequence - 1]
  if (!event) throw new RangeError(`no event ${sequence}`)
  return eventRow(event)
}

function changed(before: NonNullable<Change['before']>, after: NonNullable<Change['after']>) {
  return aBatchOfChanges([{ before, after }])
}

/** The closed request, so many events further. */
function atEvent(further: number) {
  return { ...closed, lastEvent: { sequence: ended.events.length + further, hash: 'f'.repeat(64) } }
}

function eachAfter(rows: readonly NonNullable<Change['after']>[]): readonly Change[] {
  return rows.map((after, index) => {
    const before = rows[index - 1]
    return before ? { before, after } : { after }
  })
}
