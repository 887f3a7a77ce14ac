import { describe, expect, it } from '@jest/globals'
import { type Difference, rebuildArchive } from '../../lambdas/application/rebuild-archive.ts'
import { plusSeconds } from '../../lambdas/domain/instant.ts'
import { monthsBetween } from '../../lambdas/domain/period.ts'
import type { History } from '../../lambdas/domain/review/lens.ts'
import { createHandler } from '../../lambdas/handlers/rebuild-archive/handler.ts'
import { aHistory } from '../support/a-history.ts'
import { ArchiveWorld, recordsOf } from '../support/archive-world.ts'
import { InMemoryLedgerSource } from '../support/in-memory-ledger-source.ts'
import { RecordedMetrics } from '../support/recorded-metrics.ts'

const MARCH = monthsBetween('2027-03', '2027-03')
const onDay = (day: number) =>
  aHistory({ at: new Date(Date.UTC(2027, 2, day, 10)) })
    .approved()
    .activated()
    .ended()

function rebuilt(world: ArchiveWorld, histories: readonly History[], period = MARCH): Promise<Difference> {
  return rebuildArchive({ ...world, ledger: new InMemoryLedgerSource(histories) }, period)
}

describe('rebuilding the archive', () => {
  it('FI-21 finds what a stream that was off for a day never showed, and the next sealing adds it: nothing is missing', async () => {
    const world = new ArchiveWorld()
    const requestsADay = 40
    const day = (date: number) => Array.from({ length: requestsADay }, () => onDay(date))
    const [first, second, third] = [day(1), day(2), day(3)]
    await world.show(first.flatMap(recordsOf))
    await world.sealOn('2027-03-02')
    // Nobody was shown the second day, and the stream has forgotten it.
    await world.show(third.flatMap(recordsOf))
    await world.sealOn('2027-03-04')
    const all = [...first, ...second, ...third]

    const found = await rebuilt(world, all)
    await world.sealOn('2027-03-05')
    const after = await rebuilt(world, all)

    const events = second.reduce((sum, history) => sum + history.events.length, 0)
    expect(events).toBe(160)
    expect(found).toEqual({ lines: 600, missing: { events, requests: requestsADay }, foreign: [] })
    expect(after).toEqual({ lines: 600, missing: { events: 0, requests: 0 }, foreign: [] })
    expect(await world.archive.parts({ table: 'events', day: '2027-03-02' })).toEqual([
      { table: 'events', day: '2027-03-02', sealed: '2027-03-04', part: 1 },
    ])
  })

  it('AUD-03 makes the whole archive anew when there is none', async () => {
    const [lost, anew] = [new ArchiveWorld(), new ArchiveWorld()]
    const all = [onDay(1), onDay(2)]
    await lost.show(all.flatMap(recordsOf))
    await lost.sealOn('2027-03-04')

    anew.clock.setTo(new Date('2027-03-03T12:00:00Z'))
    await rebuilt(anew, all)
    await anew.sealOn('2027-03-04')

    const parts = ({ archiveBucket }: ArchiveWorld) =>
      [...archiveBucket.files].filter(([key]) => key.endsWith('.gz')).sort(([a], [b]) => (a < b ? -1 : 1))
    expect(parts(anew)).toEqual(parts(lost))
  })

  it('AUD-03 finds nothing missing in what waits to be sealed', async () => {
    const world = new ArchiveWorld()
    world.clock.setTo(new Date('2027-03-01T23:00:00Z'))
    await world.show(recordsOf(onDay(1)))

    expect((await rebuilt(world, [])).foreign).toEqual(
      expect.arrayContaining([{ requestId: expect.any(String), sequence: 1 }]),
    )
    const [history] = [onDay(1)]
    await world.show(recordsOf(history))
    expect((await rebuilt(world, [history])).missing).toEqual({ events: 0, requests: 0 })
  })

  it('AUD-03 leaves to the stream what changed in the last twenty minutes, and finds it missing from then on', async () => {
    const world = new ArchiveWorld()
    const history = onDay(1)
    const last = history.events.at(-1)?.at ?? new Date(Number.NaN)
    const missingAfter = async (seconds: number) => {
      world.clock.setTo(plusSeconds(last, seconds))
      return (await rebuilt(world, [history])).missing
    }

    expect(await missingAfter(0)).toEqual({ events: 0, requests: 0 })
    expect(await missingAfter(20 * 60 - 1)).toEqual({ events: 0, requests: 0 })
    expect([...world.stagingBucket.files]).toEqual([])
    // A time to come is no reason to wait.
    expect(await missingAfter(-1)).toEqual({ events: 4, requests: 1 })
    world.stagingBucket.files.clear()
    expect(await missingAfter(20 * 60)).toEqual({ events: 4, requests: 1 })
  })

  it('AUD-02 names events that the archive has and the table has not', async () => {
    const world = new ArchiveWorld()
    const [kept, deleted] = [onDay(1), onDay(2)]
    await world.show([kept, deleted].flatMap(recordsOf))
    await world.sealOn('2027-03-04')

    const cut = { request: kept.request, events: kept.events.slice(0, -1) }
    const { foreign, missing } = await rebuilt(world, [cut])

    expect(missing).toEqual({ events: 0, requests: 0 })
    expect(foreign).toEqual(
      expect.arrayContaining([
        { requestId: kept.request.id, sequence: kept.events.length },
        { requestId: deleted.request.id, sequence: 1 },
      ]),
    )
    expect(foreign).toHaveLength(2)
  })

  it('AUD-02 names an event that was changed in the table, and keeps it out of the archive, which stays what was written', async () => {
    const world = new ArchiveWorld()
    const history = onDay(1)
    await world.show(recordsOf(history))
    await world.sealOn('2027-03-04')
    const forged = history.forged(events =>
      events.map(event => (event.sequence === 2 ? { ...event, actor: { person: 'mallory' } } : event)),
    )

    const { foreign, missing } = await rebuilt(world, [forged])
    await world.sealOn('2027-03-05')

    expect({ foreign, missing }).toEqual({
      foreign: [{ requestId: history.request.id, sequence: 2 }],
      missing: { events: 0, requests: 0 },
    })
    expect(await world.archive.parts({ table: 'events', day: '2027-03-01' })).toHaveLength(1)
  })

  it('ANO-02 counts each request of which the table has lost events as a broken chain, for the alarm', async () => {
    const world = new ArchiveWorld()
    const [whole, cut, gone] = [onDay(1), onDay(1), onDay(2)]
    await world.show([whole, cut, gone].flatMap(recordsOf))
    await world.sealOn('2027-03-04')
    const ledger = new InMemoryLedgerSource([whole, { request: cut.request, events: cut.events.slice(0, -2) }])
    const metrics = new RecordedMetrics()
    const said: string[] = []
    const logger = { warn: () => {}, error: (...text: readonly unknown[]) => void said.push(String(text[0])) }

    const { foreign } = await createHandler({ ...world, ledger, metrics }, logger)({ from: '2027-03', to: '2027-03' })

    expect(foreign).toHaveLength(3)
    expect(metrics.counts).toEqual([{ ChainsBroken: 2 }])
    expect(said).toEqual(['the archive has what the table has not'])
  })

  it('AUD-03 looks at this month and the one before by itself, at others when asked, and refuses what are no months', async () => {
    const world = new ArchiveWorld()
    world.clock.setTo(new Date('2027-04-05T01:00:00Z'))
    const february = aHistory({ at: new Date('2027-02-10T10:00:00Z') })
    const ledger = new InMemoryLedgerSource([february, onDay(1)])
    const said: string[] = []
    const logger = { warn: (...text: readonly unknown[]) => void said.push(String(text[0])), error: () => {} }
    const metrics = new RecordedMetrics()
    const handler = createHandler({ ...world, ledger, metrics }, logger)

    expect(await handler({})).toMatchObject({ lines: 5 })
    expect(await handler({ from: '2027-02' })).toMatchObject({ lines: 6 })
    expect(said).toEqual(['the archive lacked what the table has', 'the archive lacked what the table has'])
    expect(metrics.counts).toEqual([{ ArchiveLacked: 5 }, { ArchiveLacked: 1 }])
    for (const wrong of [{ from: '2027-13' }, { from: '2027-03', to: '2027-02' }, { months: 3 }, undefined]) {
      await expect(handler(wrong)).rejects.toThrow()
    }
  })
})
