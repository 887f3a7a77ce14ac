import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import * as z from 'zod/mini'
import { sha256 } from '../../lambdas/domain/digest.ts'
import { aHistory, aRefusedHistory } from '../support/a-history.ts'
import { chance } from '../support/an-access-file.ts'
import { ArchiveWorld, recordsOf } from '../support/archive-world.ts'
import { PACK_TAMPERINGS } from '../support/pack-tampering.ts'
import { SeededChance } from '../support/seeded-chance.ts'
import { TAMPERINGS } from '../support/tampering.ts'
import { typed } from '../support/typed.ts'

const $report = z.object({
  outcome: z.enum(['intact', 'broken']),
  findings: z.array(
    z.object({
      file: z.string(),
      requestId: z.optional(z.string()),
      sequence: z.optional(z.number()),
      what: z.string(),
    }),
  ),
  keys: z.optional(z.array(z.string())),
  requests: z.optional(z.number()),
  events: z.optional(z.number()),
})

/** Each another, as in a real file: two that are the same could be swapped, and nobody was the wiser. */
function lines(count: number, line: (at: number) => string): string {
  return Array.from({ length: count }, (_, at) => `${line(at)}\n`).join('')
}

const LAST_DAY = '2027-03-04'
const PACK: ReadonlyMap<string, string> = new Map([
  ['sessions.csv', lines(80, at => `01MG08GPFT00000000000000${at + 10},alice,orders-read`)],
  ['inventory.csv', lines(20, at => `orders-${at},Read orders ${at}`)],
  ['report.html', lines(30, at => `<p>all is well ${at}</p>`)],
])
const manifest = {
  period: '2027-Q1',
  version: 1,
  from: '2027-01-01T00:00:00Z',
  to: '2027-04-01T00:00:00Z',
  producedAt: '2027-03-01T00:00:00Z',
  accessHash: sha256('the access file'),
  lapseVersion: '1.0.0',
  files: [...PACK].map(([name, text]) => ({
    name,
    contentType: 'text/plain',
    bytes: text.length,
    sha256: sha256(text),
  })),
  counts: { requests: 80, byStatus: { ENDED: 80 }, events: 400, grants: 0 },
  chain: 'intact',
  lingering: 0,
}
const MANIFEST = `${JSON.stringify(manifest, null, 2)}\n`

let root: string
let world: ArchiveWorld
/** What each test begins with. */
let files: ReadonlyMap<string, Buffer>
const archive = () => join(root, 'archive')
const pack = () => join(root, 'pack')

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'lapse-verify-'))
  world = new ArchiveWorld()
  await world.archiveBucket.put('reviews/2027-Q1/1/manifest.json', MANIFEST)
  for (let day = 1; day <= 4; day += 1) {
    const at = new Date(Date.UTC(2027, 2, day, 23, 40))
    await world.show(
      [
        aHistory({ at }).approved().activated().ended(),
        aHistory({ at, requester: 'carol' }).approved().activated(),
        aHistory({ at, requester: 'carol' }).denied(),
        aRefusedHistory({ at }),
      ].flatMap(recordsOf),
    )
  }
  await world.sealOn('2027-03-05')
  files = new Map(world.archiveBucket.files)
  writeFileSync(join(root, 'key.pem'), world.signer.key.pem)
})

beforeEach(() => {
  world.download(archive())
  rmSync(pack(), { recursive: true, force: true })
  write(pack(), new Map([...PACK, ['manifest.json', MANIFEST]]))
})

afterAll(() => rmSync(root, { recursive: true }))

function write(folder: string, changes: ReadonlyMap<string, Buffer | string | undefined>): void {
  for (const [name, content] of changes) {
    const file = join(folder, name)
    mkdirSync(dirname(file), { recursive: true })
    if (content === undefined) rmSync(file, { force: true })
    else writeFileSync(file, content)
  }
}

async function verified(...options: readonly string[]) {
  const { exit, out, err } = await typed(['verify', ...options, '--json'], { folder: root })
  expect(err).toBe('')
  return { exit, ...$report.parse(JSON.parse(out)) }
}

const wholly = ['--archive', 'archive', '--public-key', 'key.pem', '--until', LAST_DAY] as const

describe('lapse verify of an archive', () => {
  it('AUD-02 finds nothing in what Lapse wrote', async () => {
    const { exit, outcome, findings, keys, requests, events } = await verified(...wholly)

    expect(findings).toEqual([])
    expect({ exit, outcome }).toEqual({ exit: 0, outcome: 'intact' })
    expect(keys).toEqual([world.signer.key.fingerprint])
    expect({ requests, events }).toEqual({ requests: 16, events: 39 })
  })

  const seed = chance.below(2 ** 31)
  const perWay = Math.ceil(1000 / Object.keys(TAMPERINGS).length)

  it.each(Object.entries(TAMPERINGS))(
    `FI-19 finds it when somebody %s: all of ${perWay} at random (seed ${seed})`,
    async (way, tamper) => {
      const from = new SeededChance(seed)
      for (let round = 0; round < perWay; round += 1) {
        const { files: changes, requestId } = tamper(files, from)
        write(archive(), changes)
        const { exit, findings } = await verified(...wholly)
        write(archive(), new Map([...changes.keys()].map(name => [name, files.get(name)])))

        expect({ round, exit, changed: [...changes.keys()] }).toMatchObject({ exit: 1 })
        const named = findings.flatMap(({ file }) => file)
        expect([...changes.keys()].some(name => named.includes(name))).toBe(true)
        // Whoever rewrites all but the signature leaves a ledger that agrees with itself: only the digest is told of.
        if (requestId !== undefined && !way.startsWith('rewrites')) {
          expect(findings).toContainEqual(expect.objectContaining({ requestId, sequence: expect.any(Number) }))
        }
      }
      expect((await verified(...wholly)).findings).toEqual([])
    },
    120_000,
  )

  it('FI-19 names the request, the event and the file', async () => {
    const { files: changes, requestId } =
      TAMPERINGS['drops the last event of a request']?.(files, new SeededChance(1)) ?? {}
    write(archive(), changes ?? new Map())

    const { exit, out } = await typed(['verify', ...wholly], { folder: root })

    expect(exit).toBe(1)
    expect(out).toMatch(
      new RegExp(`digests/2027-03-0\\d\\.json  request ${requestId} event \\d+: the event is missing`),
    )
    expect(out).toMatch(/Broken: \d+ finding/)
  })

  it('FI-19 finds the last days cut off, once it is said until when there must be digests', async () => {
    const last = [...files.keys()].filter(key => key.includes('2027-03-04'))
    write(archive(), new Map(last.map(name => [name, undefined])))

    expect((await verified(...wholly)).findings).toContainEqual({
      file: 'digests/2027-03-04.json',
      what: 'the digest is missing',
    })
    expect((await verified('--archive', 'archive', '--until', '2027-03-05')).findings).toHaveLength(
      (await verified(...wholly)).findings.length + 1,
    )
  })

  it('FI-19 believes no other key than the one it is given: an archive signed anew by somebody else is not Lapse’s', async () => {
    const forged = new ArchiveWorld()
    await forged.show(recordsOf(aHistory({ at: new Date('2027-03-01T10:00:00Z') })))
    await forged.sealOn('2027-03-02')
    forged.download(archive())

    expect(await verified('--archive', 'archive')).toMatchObject({ exit: 0, keys: [forged.signer.key.fingerprint] })
    expect((await verified('--archive', 'archive', '--public-key', 'key.pem')).findings).toContainEqual({
      file: 'digests/2027-03-01.json',
      what: 'the digest is not signed by a key that is trusted',
    })
  })

  it('AUD-02 checks one request', async () => {
    const { files: changes, requestId = '' } =
      TAMPERINGS['changes a field of an event']?.(files, new SeededChance(1)) ?? {}
    write(archive(), changes ?? new Map())
    const other = await verified('--archive', 'archive', '--request', '01JNQR4T8Z0000000000000000')
    const changed = await verified('--archive', 'archive', '--request', requestId)

    expect(other.findings.map(({ what }) => what)).toContain('the archive has no event of the request')
    expect(changed.findings).toContainEqual(expect.objectContaining({ requestId, what: 'the event was changed' }))
  })

  it.each([
    [[], /--archive or --pack/],
    [['--pack', 'pack', '--request', '01JNQR4T8Z0000000000000000'], /--request needs --archive/],
    [['--archive', 'nowhere'], /there is no folder/],
    [['--archive', 'archive', '--until', 'yesterday'], /must be a day/],
    [['--archive', 'archive', '--public-key', 'nowhere'], /cannot be read/],
    [['--archive', 'archive', '--public-key', 'pack/report.html'], /no public key/],
  ])('AUD-02 says what is wrong with %j', async (options, message) => {
    const { exit, err } = await typed(['verify', ...options], { folder: root })

    expect(exit).toBe(2)
    expect(err).toMatch(message)
  })
})

describe('lapse verify of a pack', () => {
  const both = ['--pack', 'pack', '--archive', 'archive', '--public-key', 'key.pem'] as const

  it('REV-16 finds nothing in what Lapse wrote, and says what vouches for it', async () => {
    expect(await verified(...both)).toMatchObject({ exit: 0, findings: [] })
    const { exit, out } = await typed(['verify', '--pack', 'pack'], { folder: root })

    expect(exit).toBe(0)
    expect(out).toContain('Nothing vouches for the manifest itself')
  })

  const seed = chance.below(2 ** 31)
  const perWay = Math.ceil(1000 / Object.keys(PACK_TAMPERINGS).length)

  it.each(Object.entries(PACK_TAMPERINGS))(
    `FI-19 finds it when somebody %s: all of ${perWay} at random (seed ${seed})`,
    async (_, tamper) => {
      const written = new Map(
        [...PACK, ['manifest.json', MANIFEST] as const].map(([name, text]) => [name, Buffer.from(text)]),
      )
      const from = new SeededChance(seed)
      for (let round = 0; round < perWay; round += 1) {
        const changes = tamper(written, from)
        write(pack(), changes)
        const { exit, findings } = await verified(...both)
        write(pack(), new Map([...changes.keys()].map(name => [name, written.get(name)])))

        expect({ round, exit, changed: [...changes.keys()] }).toMatchObject({ exit: 1 })
        const named = findings.map(({ file }) => file)
        expect([...changes.keys()].some(name => named.includes(name))).toBe(true)
      }
      expect((await verified(...both)).findings).toEqual([])
    },
    120_000,
  )

  it('FI-19 finds a file that was changed together with its manifest', async () => {
    const html = '<p>all is very well</p>'
    const file = { name: 'report.html', contentType: 'text/plain', bytes: html.length, sha256: sha256(html) }
    const others = manifest.files.filter(({ name }) => name !== file.name)
    const forged = JSON.stringify({ ...manifest, files: [...others, file] })
    write(
      pack(),
      new Map([
        ['report.html', html],
        ['manifest.json', forged],
      ]),
    )

    expect((await verified('--pack', 'pack')).findings).toEqual([])
    expect((await verified(...both)).findings).toEqual([
      { file: 'manifest.json', what: 'the manifest is not the one in the archive' },
    ])
  })

  it('FI-19 finds a manifest of an edition that the archive does not have', async () => {
    write(pack(), new Map([['manifest.json', JSON.stringify({ ...manifest, version: 2 })]]))

    expect((await verified(...both)).findings).toEqual([
      { file: 'manifest.json', what: 'no digest names a manifest of 2027-Q1, version 2' },
    ])
  })
})
