import { describe, expect, it } from '@jest/globals'
import { produceReview } from '../../lambdas/application/produce-review.ts'
import { sha256 } from '../../lambdas/domain/digest.ts'
import { createHandler as openHandler } from '../../lambdas/handlers/open-review/handler.ts'
import { createHandler as readHandler } from '../../lambdas/handlers/read-reviews/handler.ts'
import { reportPage } from '../../lambdas/pages/report/report-page.ts'
import { aHistory } from '../support/a-history.ts'
import { anAccessFile } from '../support/an-access-file.ts'
import { aSignedCall } from '../support/api-event.ts'
import { InMemoryFindingStore } from '../support/in-memory-finding-store.ts'
import { InMemoryIam } from '../support/in-memory-iam.ts'
import { InMemoryLedgerSource } from '../support/in-memory-ledger-source.ts'
import { InMemoryReportStore } from '../support/in-memory-report-store.ts'
import { InMemoryReviewStarter, InMemoryReviewStore } from '../support/in-memory-review-store.ts'

const NOW = new Date('2027-03-31T22:30:00Z')

describe('POST /reviews', () => {
  it('REV-01 opens the current quarter of the zone of the organisation when no period is named', async () => {
    const { post, starter } = aHouse({ timezone: 'Europe/Berlin' })

    const answer = await post('audrey', undefined)

    expect(answer).toMatchObject({ statusCode: 202 })
    expect(JSON.parse(answer.body)).toEqual({ period: '2027-Q2', version: 1, status: 'PRODUCING' })
    expect(starter.started).toEqual([{ period: '2027-Q2', version: 1 }])
  })

  it('REV-01 opens any period, again and again, each time with the next version', async () => {
    const { post } = aHouse()

    const bodies = [
      await post('adam', { period: '2027-03-01..2027-03-31' }),
      await post('audrey', { period: '2027-03-01..2027-03-31' }),
    ]

    expect(bodies.map(({ body }) => JSON.parse(body))).toMatchObject([{ version: 1 }, { version: 2 }])
  })

  it.each([
    ['alice', { period: '2027-Q1' }, 403, 'not-an-auditor'],
    ['audrey', { period: '2027-Q5' }, 400, 'invalid-body'],
    ['audrey', { period: '2027-02-30..2027-03-01' }, 400, 'unknown-period'],
    ['audrey', { period: '2027-Q3' }, 422, 'period-not-begun'],
    ['audrey', { period: '2027-Q1', by: 'adam' }, 400, 'invalid-body'],
    ['audrey', 'not json', 400, 'invalid-json'],
  ])('REV-01 %s asking %j is answered %i %s and nothing is opened', async (person, body, status, code) => {
    const { post, reviews, starter } = aHouse()

    await expect(post(person, body)).rejects.toMatchObject({ problem: { status, code } })

    expect(await reviews.list()).toEqual([])
    expect(starter.started).toEqual([])
  })

  it('REV-01 a production that cannot be started is recorded as failed, not as producing', async () => {
    const { post, reviews, starter } = aHouse()
    starter.isBroken = true

    await expect(post('audrey', { period: '2027-Q1' })).rejects.toThrow('cannot be invoked')

    expect(await reviews.find('2027-Q1')).toMatchObject({
      status: 'FAILED',
      failure: 'the production could not be started',
    })
  })
})

describe('GET /reviews', () => {
  it('REV-16 lists the reviews, newest first, with what their packs hold', async () => {
    const { get, produce } = aHouse()
    await produce('2026-Q4')
    await produce('2027-Q1')

    const { reviews } = JSON.parse((await get('audrey', {})).body)

    expect(reviews).toMatchObject([
      {
        period: '2027-Q1',
        version: 1,
        status: 'READY',
        pack: { version: 1, producedAt: '2027-03-31T22:30:00Z', counts: { requests: 1 } },
      },
      { period: '2026-Q4', pack: { counts: { requests: 0 } } },
    ])
  })

  it('REV-16 shows one review with its manifest', async () => {
    const { get, produce } = aHouse()
    await produce('2027-Q1')

    const body = JSON.parse((await get('adam', { period: '2027-Q1' })).body)

    expect(body).toMatchObject({
      period: '2027-Q1',
      status: 'READY',
      manifest: { from: '2027-01-01T00:00:00Z', accessHash: sha256('access') },
    })
    expect(body.manifest.files).toHaveLength(5)
  })

  it.each(['inventory.csv', 'sessions.csv', 'findings.csv', 'review.json', 'report.html', 'manifest.json'])(
    'REV-16 redirects to %s by a link of five minutes',
    async name => {
      const { get, produce } = aHouse()
      await produce('2027-Q1')

      const answer = await get('audrey', { period: '2027-Q1', name })

      expect(answer).toMatchObject({ statusCode: 302, headers: { 'cache-control': 'no-store' } })
      expect(answer.headers?.location).toBe(`https://reports.example/reviews/2027-Q1/1/${name}?expires=300`)
    },
  )

  it('REV-16 keeps giving the finished version while a newer one is made or has failed, and an older one when asked', async () => {
    const { get, produce, reviews } = aHouse()
    await produce('2027-Q1')
    await produce('2027-Q1')
    await reviews.open({ period: '2027-Q1', requestedBy: 'adam', requestedAt: NOW })
    const name = 'sessions.csv'

    const [newest, first] = [
      await get('audrey', { period: '2027-Q1', name }),
      await get('audrey', { period: '2027-Q1', name }, { version: '1' }),
    ]

    expect(newest.headers?.location).toContain('/2027-Q1/2/')
    expect(first.headers?.location).toContain('/2027-Q1/1/')
  })

  it.each([
    ['alice', {}, undefined, 403, 'not-an-auditor'],
    ['audrey', { period: '2026-Q1' }, undefined, 404, 'unknown-review'],
    ['audrey', { period: '../2027-Q1' }, undefined, 404, 'unknown-review'],
    ['audrey', { period: '2027-Q1', name: 'secrets.csv' }, undefined, 404, 'unknown-file'],
    ['audrey', { period: '2027-Q1', name: '../../x' }, undefined, 404, 'unknown-file'],
    ['audrey', { period: '2027-Q1' }, { version: '9' }, 404, 'unknown-version'],
    ['audrey', { period: '2027-Q1' }, { version: '1/../2' }, 404, 'unknown-version'],
    ['audrey', { period: '2027-Q2', name: 'sessions.csv' }, undefined, 404, 'review-not-ready'],
  ])('REV-16 %s reading %j (%j) is answered %i %s', async (person, path, query, status, code) => {
    const { get, produce, reviews } = aHouse()
    await produce('2027-Q1')
    await reviews.open({ period: '2027-Q2', requestedBy: 'adam', requestedAt: NOW })

    await expect(get(person, path, query)).rejects.toMatchObject({ problem: { status, code } })
  })
})

function aHouse({ timezone = 'UTC' } = {}) {
  const access = anAccessFile({ timezone })
  const [reviews, reports, starter] = [
    new InMemoryReviewStore(),
    new InMemoryReportStore(),
    new InMemoryReviewStarter(),
  ]
  const clock = { now: () => NOW }
  const principals = new InMemoryIam()
  const open = openHandler({ access, reviews, starter, principals, clock })
  const read = readHandler({ access, reviews, reports, principals })
  const produce = async (period: string) => {
    const { version } = await reviews.open({ period, requestedBy: 'audrey', requestedAt: NOW })
    const ledger = new InMemoryLedgerSource([aHistory()])
    const archive = new InMemoryReportStore()
    const made = { accessHash: sha256('access'), lapseVersion: '1.2.3', pageOf: reportPage }
    const findings = new InMemoryFindingStore()
    await produceReview({ access, ledger, findings, reviews, reports, archive, clock, ...made }, { period, version })
  }
  return {
    reviews,
    starter,
    produce,
    post: (person: string, body: unknown) => open(aSignedCall({ person, method: 'POST', path: '/reviews', body })),
    get: (person: string, path: Record<string, string>, query: Record<string, string> | undefined = undefined) =>
      read({
        ...aSignedCall({ person, path: '/reviews' }),
        pathParameters: path,
        queryStringParameters: query ?? null,
      }),
  }
}
