import { gzipSync } from 'node:zlib'
import { describe, expect, it } from '@jest/globals'
import { sealDays } from '../../lambdas/application/seal-days.ts'
import { readDigest } from '../../lambdas/contract/daily-digest.ts'
import { eventRow } from '../../lambdas/contract/rows.ts'
import { digestHash, NO_DIGEST } from '../../lambdas/domain/archive/daily-digest.ts'
import { lineOfEvent, lineOfRequest } from '../../lambdas/domain/archive/line.ts'
import type { History } from '../../lambdas/domain/review/lens.ts'
import { aHistory, aRefusedHistory } from '../support/a-history.ts'
import { chance } from '../support/an-access-file.ts'
import { ArchiveWorld, record, recordsOf } from '../support/archive-world.ts'
import { SteppedClock } from '../support/stepped-clock.ts'

const LATE = new Date('2027-03-01T23:30:00Z')
const histories: readonly History[] = [
  aHistory().approved().activated().ended(),
  aHistory({ requester: 'carol' }).denied(),
  aRefusedHistory(),
  // Asked on one day, ended on the next.
  aHistory({ at: LATE }).approved().activated().ended(),
]
const expected = histories
  .flatMap(({ request, events }) => [...events.map(lineOfEvent), lineOfRequest(request)])
  .map(({ text }) => text)
  .sort()

/** Everything in the archive, as often as it is there. */
async function archived({ archive, archiveBucket }: ArchiveWorld): Promise<readonly string[]> {
  const texts: string[] = []
  for (const table of ['events', 'requests'] as const) {
    const folders = new Set([...archiveBucket.files.keys()].filter(key => key.startsWith(`${table}/`)).map(dayOfKey))
    for (const day of folders) {
      for (const part of await archive.parts({ table, day })) {
        for (const { text } of await archive.linesOf(part)) texts.push(text)
      }
    }
  }
  return texts.sort()
}

function dayOfKey(key: string): string {
  return key.split('/')[1]?.replace('day=', '') ?? ''
}

function shuffled<T>(values: readonly T[]): readonly T[] {
  return values
    .map(value => [chance.below(2 ** 31), value] as const)
    .sort(([a], [b]) => a - b)
    .map(([, value]) => value)
}

describe('the way into the archive', () => {
  it('AUD-03 keeps every event and closed request once, under its UTC day', async () => {
    const world = new ArchiveWorld()
    await world.show(histories.flatMap(recordsOf))

    const sealed = await world.sealOn('2027-03-03')

    expect(await archived(world)).toEqual(expected)
    expect([...world.archiveBucket.files.keys()].sort()).toEqual([
      'digests/2027-03-01.json',
      'digests/2027-03-02.json',
      'events/day=2027-03-01/2027-03-01-1.jsonl.gz',
      'events/day=2027-03-02/2027-03-02-1.jsonl.gz',
      `keys/${world.signer.key.fingerprint}.pem`,
      // Requests wait for the last digest of a night.
      'requests/day=2027-03-01/2027-03-02-1.jsonl.gz',
    ])
    expect(sealed).toEqual([
      { day: '2027-03-01', objects: 1, heads: 4 },
      { day: '2027-03-02', objects: 2, heads: 1 },
    ])
    expect([...world.stagingBucket.files]).toEqual([])
  })

  it('AUD-03 is the same when the stream shows batches twice, halved and in another order', async () => {
    for (let round = 0; round < 20; round += 1) {
      const world = new ArchiveWorld()
      const records = histories.flatMap(recordsOf)
      for (const one of shuffled([...records, ...records])) await world.show([one])
      await world.show(records.slice(0, chance.below(records.length)))
      await world.sealOn('2027-03-02')
      await world.show(shuffled(records))
      await world.sealOn('2027-03-03')

      expect(await archived(world)).toEqual(expected)
    }
  })

  it.each(['breaksBefore', 'breaksAfter'] as const)(
    'AUD-03 loses and doubles nothing at whatever call the sealing breaks off (%s)',
    async when => {
      const records = histories.flatMap(recordsOf)
      let breaks = 0
      for (let hasBroken = true; hasBroken; breaks += 1) {
        const world = new ArchiveWorld()
        await world.show(records)
        let calls = 0
        const isTheOne = () => {
          calls += 1
          return calls === breaks + 1
        }
        world.archiveBucket[when] = isTheOne
        world.stagingBucket[when] = isTheOne
        const ended = await Promise.allSettled([world.sealOn('2027-03-03')])
        hasBroken = calls > breaks
        const counted = world.metrics.counts.length
        world.archiveBucket[when] = () => false
        world.stagingBucket[when] = () => false
        // Between the two nights more is staged than was.
        await world.show(records.slice(0, 5))
        await world.sealOn('2027-03-04')

        expect(ended).toMatchObject([{ status: hasBroken ? 'rejected' : 'fulfilled' }])
        expect(counted).toBe(hasBroken ? 0 : 1)
        expect(await archived(world)).toEqual(expected)
        const listed = (await digestsOf(world)).flatMap(({ objects }) => objects.map(({ key }) => key))
        expect(listed.sort()).toEqual([...world.archiveBucket.files.keys()].filter(key => key.endsWith('.gz')).sort())
        expect([...world.stagingBucket.files]).toEqual([])
      }
      expect(breaks).toBeGreaterThan(20)
    },
  )

  it('AUD-03 puts what comes late into a part of its own day, listed in the digest it was sealed with', async () => {
    const world = new ArchiveWorld()
    const [first, late] = [aHistory(), aHistory({ requester: 'bob' })]
    await world.show(recordsOf(first))
    await world.sealOn('2027-03-02')
    await world.show(recordsOf(late))

    await world.sealOn('2027-03-03')

    const [, second] = await digestsOf(world)
    expect(second).toMatchObject({
      day: '2027-03-02',
      objects: [{ key: 'events/day=2027-03-01/2027-03-02-1.jsonl.gz' }],
      heads: [{ requestId: late.request.id, sequence: 1 }],
    })
  })

  it('AUD-02 has one digest of each day, also of one on which nothing happened or nothing ran, each naming the one before', async () => {
    const world = new ArchiveWorld()
    await world.show(recordsOf(aHistory()))
    await world.sealOn('2027-03-02')

    await world.sealOn('2027-03-06')

    const digests = await digestsOf(world)
    expect(digests.map(({ day }) => day)).toEqual([
      '2027-03-01',
      '2027-03-02',
      '2027-03-03',
      '2027-03-04',
      '2027-03-05',
    ])
    const before = [NO_DIGEST, ...digests.map(({ hash }) => hash)]
    expect(digests.map(({ previousHash }) => previousHash)).toEqual(before.slice(0, -1))
    expect(digests.map(({ hash }) => hash)).toEqual(digests.map(digestHash))
  })

  it('AUD-02 stops, and says so, at a digest of a day that is not over, instead of waiting for it', async () => {
    const world = new ArchiveWorld()
    await world.sealOn('2027-03-05')
    const late = { ...world, clock: new SteppedClock() }
    late.clock.setTo(new Date('2027-03-04T02:00:00Z'))

    await expect(sealDays(late)).rejects.toThrow('there is a digest of 2027-03-04, which is not over')
  })

  it('AUD-02 seals no day that is not over, and no day twice', async () => {
    const world = new ArchiveWorld()
    await world.show(recordsOf(aHistory()))

    await world.sealOn('2027-03-01')
    expect(await archived(world)).toEqual([])
    await world.sealOn('2027-03-02')
    expect(await world.sealOn('2027-03-02')).toEqual([])
  })

  it('AUD-02 counts a run once, when every day that is over has its digest, also when there was nothing to seal', async () => {
    const world = new ArchiveWorld()
    await world.show(recordsOf(aHistory()))

    await world.sealOn('2027-03-05')
    await world.sealOn('2027-03-05')

    expect(world.metrics.counts).toEqual([{ SealHeartbeat: 1 }, { SealHeartbeat: 1 }])
  })

  it('AUD-02 counts no run that stops at a digest of a day that is not over', async () => {
    const world = new ArchiveWorld()
    await world.sealOn('2027-03-05')

    await expect(world.sealOn('2027-03-04')).rejects.toThrow(RangeError)

    expect(world.metrics.counts).toHaveLength(1)
  })

  it('AUD-02 fails a run that cannot be counted, which Lambda then does again: it seals nothing more, and is counted', async () => {
    const world = new ArchiveWorld()
    world.faults.failNext('metrics.count')

    await expect(world.sealOn('2027-03-02')).rejects.toThrow('metrics.count')

    expect(await world.sealOn('2027-03-02')).toEqual([])
    expect(world.metrics.counts).toEqual([{ SealHeartbeat: 1 }])
  })

  it('AUD-02 names the manifests of the packs in every digest', async () => {
    const world = new ArchiveWorld()
    await world.archiveBucket.put('reviews/2026-Q4/1/manifest.json', '{"period":"2026-Q4"}')

    await world.sealOn('2027-03-02')

    const [digest] = await digestsOf(world)
    expect(digest?.manifests).toEqual([
      { key: 'reviews/2026-Q4/1/manifest.json', bytes: 20, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    ])
  })

  it('AUD-03 takes at most one object for every hundred events of a busy day', async () => {
    const world = new ArchiveWorld()
    const records = Array.from({ length: 300 }, () => recordsOf(aHistory().approved().activated().ended())).flat()
    for (let start = 0; start < records.length; start += 100) await world.show(records.slice(start, start + 100))

    await world.sealOn('2027-03-02')

    const events = (await archived(world)).filter(text => text.startsWith('{"requestId"')).length
    const objects = world.archiveBucket.files.size
    expect({ events, objects }).toEqual({ events: 1200, objects: 4 })
    expect(objects / events).toBeLessThanOrEqual(0.01)
  })

  it('FI-21 sets aside a row that nobody can read, says so without its values, and lets the rest through', async () => {
    const world = new ArchiveWorld()
    const history = aHistory().approved()
    const poison = record('INSERT', { pk: 'REQUEST#x', sk: 'EVENT#00001', kind: 'event', reason: 'the secret reason' })

    await world.show([poison, ...recordsOf(history)])
    await world.sealOn('2027-03-02')

    const aside = `unreadable/${poison.dynamodb.SequenceNumber}.json`
    expect(String(world.stagingBucket.files.get(aside))).toContain('the secret reason')
    expect(JSON.stringify(world.logged)).not.toContain('the secret reason')
    expect(world.logged).toHaveLength(1)
    expect(await archived(world)).toEqual(history.events.map(event => lineOfEvent(event).text).sort())
  })

  it('FI-21 sets aside a row whose time there never was, and lets the rest through', async () => {
    const world = new ArchiveWorld()
    const history = aHistory().approved()
    const [first] = history.events
    const poison = (at: string) => record('INSERT', { ...(first && eventRow(first)), at })

    await world.show([poison('2027-13-45T10:00:00Z'), ...recordsOf(history), poison('2027-02-30T10:00:00Z')])
    await world.sealOn('2027-03-02')

    expect(world.logged).toHaveLength(2)
    expect(await archived(world)).toEqual(history.events.map(event => lineOfEvent(event).text).sort())
  })

  it.each([
    ['in the staging', 'stagingBucket', Buffer.from('no gzip')],
    ['in the archive', 'archiveBucket', gzipSync('{"no":"line"}\n')],
  ] as const)(
    'FI-21 names an object %s that nobody can read, and seals nothing past it',
    async (_, bucket, content) => {
      const world = new ArchiveWorld()
      const key = 'events/day=2027-03-01/2027-02-28-1.jsonl.gz'
      await world.show(recordsOf(aHistory()))
      world[bucket].files.set(key, content)

      await expect(world.sealOn('2027-03-02')).rejects.toThrow(key)
      world[bucket].files.delete(key)
      expect(await world.sealOn('2027-03-02')).toMatchObject([{ day: '2027-03-01', heads: 1 }])
    },
  )

  it('AUD-03 throws a batch back to Lambda when S3 does not answer, and refuses what is no batch', async () => {
    const world = new ArchiveWorld()
    world.stagingBucket.breaksBefore = () => true

    await expect(world.show(recordsOf(aHistory()))).rejects.toThrow('S3 does not answer')
    await expect(world.show([{ eventName: 'INSERT' }])).rejects.toThrow()
  })

  it('AUD-03 keeps no request that can still change', async () => {
    const world = new ArchiveWorld()

    await world.show([recordsOf(aHistory()).at(-1) ?? {}])

    expect([...world.stagingBucket.files]).toEqual([])
  })
})

async function digestsOf({ archiveBucket }: ArchiveWorld) {
  const keys = await archiveBucket.keys('digests/')
  return keys.map(key => readDigest(key, String(archiveBucket.files.get(key))))
}
