import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import * as z from 'zod/mini'
import { digestText, readDigest } from '../../lambdas/contract/daily-digest.ts'
import { requestRow } from '../../lambdas/contract/rows.ts'
import { digestHash } from '../../lambdas/domain/archive/daily-digest.ts'
import { sha256 } from '../../lambdas/domain/digest.ts'
import { verifyArchive } from '../../lambdas/domain/verify/archive.ts'
import { aHistory } from '../support/a-history.ts'
import { ArchiveWorld, record, recordsOf } from '../support/archive-world.ts'
import { typed } from '../support/typed.ts'

const $report = z.object({ findings: z.array(z.object({ file: z.string(), what: z.string() })) })
const LAST_DIGEST = 'digests/2027-03-02.json'
const A_PART = 'events/day=2027-03-01/2027-03-01-2.jsonl.gz'
const EMPTY_MANIFEST = {
  period: '2027-Q1',
  version: 1,
  from: '2027-01-01T00:00:00Z',
  to: '2027-04-01T00:00:00Z',
  producedAt: '2027-03-01T00:00:00Z',
  accessHash: sha256('the access file'),
  lapseVersion: '1.0.0',
  files: [],
  counts: { requests: 0, byStatus: {}, events: 0, grants: 0 },
  chain: 'intact',
  lingering: 0,
}

let root: string
let world: ArchiveWorld

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'lapse-hostile-'))
  world = new ArchiveWorld()
  await world.show(recordsOf(aHistory().approved().activated().ended()))
  await world.sealOn('2027-03-03')
  writeFileSync(join(root, 'key.pem'), world.signer.key.pem)
})

beforeEach(() => world.download(join(root, 'archive')))

afterAll(() => rmSync(root, { recursive: true }))

function put(name: string, content: Buffer | string): void {
  const file = join(root, name)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, content)
}

function lastDigest() {
  return readDigest(LAST_DIGEST, String(world.archiveBucket.files.get(LAST_DIGEST)))
}

async function verified(...options: readonly string[]) {
  const { exit, out, err } = await typed(['verify', '--archive', 'archive', '--json', ...options], { folder: root })
  expect(err).toBe('')
  return { exit, ...$report.parse(JSON.parse(out)) }
}

/** What is made to break the reading, not to be believed. */
describe('lapse verify of an archive made to trip it', () => {
  it.each(['2027-13-45', '2027-02-30', '9999-12-31'])('FI-19 names a digest of %s, a day there is not', async day => {
    const forged = { ...lastDigest(), day, previousHash: lastDigest().hash }
    put(`archive/digests/${day}.json`, digestText({ ...forged, hash: digestHash(forged) }))

    const { exit, findings } = await verified()

    expect(exit).toBe(1)
    expect(findings.map(({ file }) => file)).toEqual([`digests/${day}.json`])
  })

  it('FI-19 names a digest of the far future, and of the gap before it a year at most', async () => {
    const forged = { ...lastDigest(), day: '9000-01-01', previousHash: lastDigest().hash }
    put('archive/digests/9000-01-01.json', digestText({ ...forged, hash: digestHash(forged) }))

    const { exit, findings } = await verified()

    expect(exit).toBe(1)
    expect(findings).toContainEqual({
      file: 'digests/9000-01-01.json',
      what: 'the digest is not signed by a key that is trusted',
    })
    expect(findings).toContainEqual({
      file: 'digests/2028-03-03.json',
      what: 'the digest is missing, and all until 9000-01-01',
    })
    expect(findings.length).toBeLessThan(400)
  })

  it('FI-19 takes no key for one that signs which cannot, beside a digest that names it', async () => {
    const { publicKey } = generateKeyPairSync('ed25519')
    const key = sha256(publicKey.export({ type: 'spki', format: 'der' }))
    put(`archive/keys/${key}.pem`, String(publicKey.export({ type: 'spki', format: 'pem' })))
    const digest = lastDigest()
    put(`archive/${LAST_DIGEST}`, digestText({ ...digest, signature: { ...digest.signature, key } }))

    const { exit, findings } = await verified()

    expect(exit).toBe(1)
    expect(findings).toEqual([{ file: LAST_DIGEST, what: 'the digest is not signed by a key that is trusted' }])
  })

  it('FI-19 names a part that unpacks to more than memory should hold, and unpacks no more of it', async () => {
    // Members of gzip one behind the other are one file.
    const member = gzipSync(Buffer.alloc(16 * 2 ** 20))
    put(`archive/${A_PART}`, Buffer.concat(Array.from({ length: 31 }, () => member)))

    const { exit, findings } = await verified()

    expect(exit).toBe(1)
    expect(findings).toEqual([
      { file: A_PART, what: 'the object is in no digest' },
      expect.objectContaining({ file: A_PART, what: expect.stringMatching(/cannot be decompressed/) }),
    ])
  }, 30_000)

  it('FI-19 names every line of a part with more unreadable lines than a call takes arguments', () => {
    const lines = Array.from({ length: 300_000 }, () => ({ outcome: 'unreadable', why: 'no JSON' }) as const)
    const part = { key: A_PART, bytes: 0, sha256: '', lines }
    const folder = { digests: [], parts: [A_PART], readPart: () => part, manifests: [], isSigned: () => false }

    expect(verifyArchive(folder).findings.filter(({ what }) => what.endsWith('no JSON'))).toHaveLength(lines.length)
  })

  it.each([
    ['bytes behind a part', 'events/', (was: Buffer) => Buffer.concat([was, Buffer.from('x')])],
    ['zeros behind a part', 'requests/', (was: Buffer) => Buffer.concat([was, Buffer.alloc(64)])],
    ['a member of gzip without content', 'events/', (was: Buffer) => Buffer.concat([was, gzipSync('')])],
    ['line breaks of Windows in a digest', LAST_DIGEST, (was: Buffer) => String(was).replaceAll('\n', '\r\n')],
    ['the mark of an order of bytes', LAST_DIGEST, (was: Buffer) => `\ufeff${was}`],
    ['a member twice', LAST_DIGEST, (was: Buffer) => String(was).replace('{', '{"day":"2027-03-01",')],
    ['a member more', LAST_DIGEST, (was: Buffer) => String(was).replace('{', '{"a":1,')],
    ['a number spelled otherwise', 'digests/2027-03-01', (was: Buffer) => String(was).replace(/("bytes":\d+)/, '$1.0')],
    ['a letter escaped', 'digests/2027-03-01', (was: Buffer) => String(was).replace('"events/', '"\\u0065vents/')],
    ['white space', LAST_DIGEST, (was: Buffer) => String(was).replace('{', '{ ')],
    ['a comment before a key', 'keys/', (was: Buffer) => `mallory\n${was}`],
    ['line breaks of Windows in a key', 'keys/', (was: Buffer) => String(was).replaceAll('\n', '\r\n')],
  ])('FI-19 names a file with %s, which reads as before', async (_, prefix, change) => {
    const [name = '', was = Buffer.alloc(0)] =
      [...world.archiveBucket.files].find(([key]) => key.startsWith(prefix)) ?? []
    const now = change(was)
    expect(Buffer.from(now).equals(was)).toBe(false)
    put(`archive/${name}`, now)

    const { exit, findings } = await verified()

    expect(exit).toBe(1)
    expect(findings.map(({ file }) => file)).toContain(name)
  })

  it('REV-16 names what lies in a folder of a pack, where a pack has none', async () => {
    put('pack/deep/more.csv', 'mallory')
    put('pack/manifest.json', JSON.stringify(EMPTY_MANIFEST))

    const { exit, out } = await typed(['verify', '--pack', 'pack', '--json'], { folder: root })

    expect(exit).toBe(1)
    expect($report.parse(JSON.parse(out)).findings).toEqual([
      { file: 'deep/more.csv', what: 'the file is not in the manifest' },
    ])
  })

  it.each([
    [['--archive', 'archive', '--until', '2027-13-45'], /must be a day/],
    [['--archive', 'archive', '--until', '2027-02-30'], /must be a day/],
    // Its day after would sort before every other: nothing would be missing.
    [['--archive', 'archive', '--until', '9999-12-31'], /must be a day/],
    [['--archive', 'key.pem'], /there is no folder/],
    [['--pack', 'key.pem'], /there is no folder/],
    [['--pack', 'pack', '--public-key', 'key.pem'], /--public-key needs --archive/],
    [['--pack', 'pack', '--until', '2027-03-02'], /--until needs --archive/],
  ])('AUD-02 verifies nothing when called with %j, and says so', async (options, message) => {
    const { exit, err } = await typed(['verify', ...options], { folder: root })

    expect(exit).toBe(2)
    expect(err).toMatch(message)
  })
})

const ended = aHistory().approved().activated().ended()

/** What is found in an archive into which the stream showed this, each batch on its own night. */
async function foundAfter(...batches: readonly (readonly object[])[]) {
  const other = new ArchiveWorld()
  for (const [night, records] of batches.entries()) {
    await other.show(records)
    await other.sealOn(`2027-03-0${night + 2}`)
  }
  other.download(join(root, 'archive'))
  return (await verified()).findings
}

describe('lapse verify of requests that are over', () => {
  const changed = (change: object) => [record('MODIFY', { ...requestRow(ended.request), ...change })]

  it.each([
    ['its reason', { reason: 'another' }],
    ['its requester', { requester: 'mallory' }],
    ['a parameter', { parameters: { ...ended.request.parameters, bucket: 'another' }, reason: 'another' }],
    ['its approvals', { decisions: [] }],
  ])('AUD-02 names one that was changed in the table without an event: %s', async (_, change) => {
    expect(await foundAfter(recordsOf(ended), changed(change))).toEqual([
      {
        file: 'requests/day=2027-03-01/2027-03-02-1.jsonl.gz',
        what: 'the request was changed without an event',
      },
    ])
    expect(await foundAfter([...recordsOf(ended), ...changed(change)])).toHaveLength(1)
  })

  it('AUD-02 takes for the same what a version of Lapse wrote that did not know a member yet', async () => {
    const from = record('MODIFY', requestRow({ ...ended.request, from: '203.0.113.7' }))

    expect(await foundAfter(recordsOf(ended), [from])).toEqual([])
    expect(await foundAfter([from], recordsOf(ended))).toEqual([])
  })

  it('AUD-02 finds nothing wrong after nights on which nothing was sealed, in one that ended since midnight', async () => {
    const other = new ArchiveWorld()
    await other.sealOn('2027-03-01')
    const at = new Date('2027-03-01T09:00:00Z')
    // Asked on the first of three days that wait, over at one o'clock of the fourth.
    await other.show(
      recordsOf(aHistory({ at, unansweredAfterSeconds: 3 * 86_400 }).denied({ afterSeconds: 64 * 3600 })),
    )

    for (const night of ['2027-03-04', '2027-03-05']) {
      await other.sealOn(night)
      other.download(join(root, 'archive'))

      expect(await verified()).toEqual({ exit: 0, findings: [] })
    }
  })
})
