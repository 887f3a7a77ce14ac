import { describe, expect, it } from '@jest/globals'
import { type ProduceReviewDeps, produceReview } from '../../lambdas/application/produce-review.ts'
import { sha256 } from '../../lambdas/domain/digest.ts'
import type { History } from '../../lambdas/domain/review/lens.ts'
import { createHandler } from '../../lambdas/handlers/produce-review/handler.ts'
import { reportPage } from '../../lambdas/pages/report/report-page.ts'
import { keptFinding } from '../support/a-finding.ts'
import { aHistory, aRefusedHistory } from '../support/a-history.ts'
import { anAccessFile } from '../support/an-access-file.ts'
import { InMemoryFindingStore } from '../support/in-memory-finding-store.ts'
import { InMemoryLedgerSource } from '../support/in-memory-ledger-source.ts'
import { InMemoryReportStore } from '../support/in-memory-report-store.ts'
import { InMemoryReviewStore } from '../support/in-memory-review-store.ts'

const NOW = new Date('2027-04-02T09:00:00Z')
const EDITION = { period: '2027-Q1', version: 1 } as const

describe('REV-16 the pack', () => {
  it('REV-16 holds the inventory, the sessions, every answer, the page and the manifest', async () => {
    const { deps, reports } = await opened([aHistory().approved().activated().ended()])

    await produceReview(deps, EDITION)

    expect(await reports.list(EDITION)).toEqual([
      'findings.csv',
      'inventory.csv',
      'manifest.json',
      'report.html',
      'review.json',
      'sessions.csv',
    ])
    expect(JSON.parse(reports.textOf(EDITION, 'review.json'))).toMatchObject({
      period: '2027-Q1',
      producedAt: '2027-04-02T09:00:00Z',
      volume: { requests: { total: 1 } },
      chain: { verdict: 'intact' },
      sessions: { shown: [{ askedAt: '2027-03-01T10:00:00Z' }] },
    })
  })

  it('REV-16 its manifest names every file by hash and length, and counts what must be the same in ledger and archive', async () => {
    const { deps, reports, reviews } = await opened([
      aHistory().approved().activated().ended(),
      aHistory().denied(),
      aRefusedHistory(),
    ])

    const manifest = await produceReview(deps, EDITION)

    expect(await reports.manifest(EDITION)).toEqual(manifest)
    expect(manifest.counts).toEqual({
      requests: 3,
      byStatus: { ENDED: 1, DENIED: 1, REFUSED: 1 },
      events: 7,
      grants: 1,
    })
    for (const { name, bytes, sha256: hash } of manifest.files) {
      const text = reports.textOf(EDITION, name)
      expect([name, Buffer.byteLength(text), sha256(text)]).toEqual([name, bytes, hash])
    }
    expect(manifest.files.map(({ name, rows }) => [name, rows])).toEqual([
      ['inventory.csv', 1],
      ['sessions.csv', 3],
      ['findings.csv', 0],
      ['review.json', undefined],
      ['report.html', undefined],
    ])
    const { counts, chain, lingering, producedAt } = manifest
    expect(await reviews.find('2027-Q1')).toMatchObject({
      status: 'READY',
      pack: { version: 1, counts, chain, lingering, producedAt },
    })
  })

  it('REV-16 its manifest is locked in the archive, the same to the byte', async () => {
    const { deps, reports, archive } = await opened([])

    await produceReview(deps, EDITION)

    expect(await archive.list(EDITION)).toEqual(['manifest.json'])
    expect(archive.textOf(EDITION, 'manifest.json')).toBe(reports.textOf(EDITION, 'manifest.json'))
  })

  it('REV-01 looks only at requests asked in the period, by the zone of the organisation', async () => {
    const inBerlin = anAccessFile({ timezone: 'Europe/Berlin' })
    const last = aHistory({ at: new Date('2026-12-31T22:59:59Z') })
    const first = aHistory({ at: new Date('2026-12-31T23:00:00Z') })
    const { deps, reports } = await opened([last, first], { access: inBerlin })

    const { counts } = await produceReview(deps, EDITION)

    expect(counts.requests).toBe(1)
    expect(reports.textOf(EDITION, 'sessions.csv')).toContain(first.request.id)
  })

  it('REV-16 ANO-05 has the findings that were open in the period, each once, and what came of them', async () => {
    const findings = new InMemoryFindingStore()
    const keep = (last: number, openedAt: string, closedAt?: string) =>
      keptFinding(findings, {
        id: `01MGFND1NG000000000000000${last}`,
        subject: `person-${last}`,
        openedAt: new Date(openedAt),
        closed: closedAt === undefined ? undefined : { by: 'adam', at: new Date(closedAt), comment: '=a new task' },
      })
    await keep(1, '2026-11-01T00:00:00Z', '2026-12-31T23:59:59Z')
    await keep(2, '2026-11-01T00:00:00Z', '2027-01-01T00:00:00Z')
    await keep(3, '2026-11-01T00:00:00Z')
    await keep(4, '2027-03-31T23:59:59Z', '2027-04-01T08:00:00Z')
    await keep(5, '2027-04-01T00:00:00Z')
    const { deps, reports } = await opened([], { findings })

    const { files } = await produceReview(deps, EDITION)

    const [heading, ...rows] = reports.textOf(EDITION, 'findings.csv').trimEnd().split('\r\n')
    expect(heading).toMatch(/^\ufefffinding_id,rule,title,subject,opened_at,/)
    expect(rows.map(row => row.slice(0, 26).at(-1))).toEqual(['2', '3', '4'])
    expect(rows[0]).toMatch(/,2027-01-01T00:00:00Z,adam,'=a new task$/)
    expect(rows[1]).toMatch(/,01MG08GPFT0000000000000001,,,$/)
    expect(files.find(({ name }) => name === 'findings.csv')?.rows).toBe(3)
    const review = JSON.parse(reports.textOf(EDITION, 'review.json'))
    expect(review.findings[1]).toMatchObject({ subject: 'person-3', openedAt: '2026-11-01T00:00:00Z' })
    expect(reports.textOf(EDITION, 'report.html')).toContain('1 of 3 is open')
  })

  it('REV-17 writes every session of many, in batches', async () => {
    const { deps, reports } = await opened(Array.from({ length: 1201 }, () => aRefusedHistory()))

    const { files } = await produceReview(deps, EDITION)

    expect(files.find(({ name }) => name === 'sessions.csv')?.rows).toBe(1201)
    expect(reports.textOf(EDITION, 'sessions.csv').trimEnd().split('\r\n')).toHaveLength(1202)
  })

  it('REV-16 a production that breaks is recorded with its reason, leaves no manifest and is thrown on', async () => {
    const { deps, reports, reviews } = await opened([])
    reports.breaksAt = 'report.html'

    await expect(produceReview(deps, EDITION)).rejects.toThrow('report.html cannot be written')

    expect(await reviews.find('2027-Q1')).toMatchObject({
      status: 'FAILED',
      failure: 'Error: report.html cannot be written',
    })
    expect(await reports.manifest(EDITION)).toBeUndefined()
  })
})

describe('REV-01 the calendar', () => {
  it('REV-01 the calendar opens and makes the review of the quarter before now', async () => {
    const { deps, reviews } = fresh([aHistory()])

    const produced = await createHandler(deps)({ trigger: 'schedule' })

    expect(produced).toMatchObject({ period: '2027-Q1', version: 1, counts: { requests: 1 } })
    expect(await reviews.find('2027-Q1')).toMatchObject({ status: 'READY', requestedBy: 'schedule' })
  })

  it('REV-01 the quarter before now is that of the zone of the organisation', async () => {
    const access = anAccessFile({ timezone: 'America/New_York' })
    const { deps } = fresh([], { access, clock: { now: () => new Date('2027-04-01T03:59:59Z') } })

    await expect(createHandler(deps)({ trigger: 'schedule' })).resolves.toMatchObject({ period: '2026-Q4' })
  })

  it('REV-01 an edition somebody opened is made, and a second one has the next version', async () => {
    const { deps, reviews } = await opened([])

    await createHandler(deps)(EDITION)
    const second = await reviews.open({ period: '2027-Q1', requestedBy: 'adam', requestedAt: NOW })
    await createHandler(deps)({ period: second.period, version: second.version })

    expect(await reviews.find('2027-Q1')).toMatchObject({ version: 2, status: 'READY', pack: { version: 2 } })
  })

  it.each([{}, { trigger: 'manual' }, { period: '../x', version: 1 }, { period: '2027-Q1', version: 0 }])(
    'REV-01 %j sets nothing going',
    async event => {
      await expect(createHandler(fresh([]).deps)(event)).rejects.toThrow()
    },
  )
})

function fresh(histories: readonly History[], overrides: Partial<ProduceReviewDeps> = {}) {
  const reports = new InMemoryReportStore()
  const archive = new InMemoryReportStore()
  const reviews = new InMemoryReviewStore()
  const deps: ProduceReviewDeps = {
    access: anAccessFile({ timezone: 'UTC' }),
    accessHash: sha256('access'),
    lapseVersion: '1.2.3',
    ledger: new InMemoryLedgerSource(histories),
    findings: new InMemoryFindingStore(),
    reviews,
    reports,
    archive,
    clock: { now: () => NOW },
    pageOf: reportPage,
    ...overrides,
  }
  return { deps, reports, archive, reviews }
}

async function opened(histories: readonly History[], overrides: Partial<ProduceReviewDeps> = {}) {
  const house = fresh(histories, overrides)
  await house.reviews.open({ period: EDITION.period, requestedBy: 'audrey', requestedAt: NOW })
  return house
}
