import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { DynamoReviewStore } from '../../lambdas/adapters/dynamo-review-store.ts'
import { S3ReportStore } from '../../lambdas/adapters/s3-report-store.ts'
import { type BareEmulator, startBareEmulator } from '../support/bare-emulator.ts'
import { aLedgerTable } from '../support/ledger-table.ts'
import { chunks, reportStoreContract, reviewStoreContract } from '../support/review-store-contract.ts'

const TABLE = 'reviews-contract'
const BUCKET = 'reviews-contract'

let emulator: BareEmulator
let reviews: DynamoReviewStore
let reports: S3ReportStore

beforeAll(async () => {
  emulator = await startBareEmulator()
  const config = emulator.configFor(emulator.rootCredentials)
  const dynamo = new DynamoDBClient(config)
  await dynamo.send(aLedgerTable(TABLE))
  const s3 = new S3Client({ ...config, forcePathStyle: true })
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }))
  const marshallOptions = { removeUndefinedValues: true }
  reviews = new DynamoReviewStore(DynamoDBDocumentClient.from(dynamo, { marshallOptions }), TABLE)
  reports = new S3ReportStore(s3, BUCKET)
}, 120_000)

afterAll(async () => {
  await emulator.stop()
}, 60_000)

describe('the reviews in DynamoDB', () => {
  reviewStoreContract(() => reviews)
})

describe('the packs in S3', () => {
  reportStoreContract(() => reports)

  it('REV-16 a link downloads the file under a telling name for five minutes', async () => {
    const edition = { period: '2027-Q1', version: 7 }
    const file = { name: 'sessions.csv', contentType: 'text/csv; charset=utf-8' }
    await reports.put(edition, { ...file, content: chunks('a,b\r\n') })

    const link = await reports.link(edition, file, 300)
    const answer = await fetch(link)

    expect(await answer.text()).toBe('a,b\r\n')
    expect(answer.headers.get('content-disposition')).toBe(
      'attachment; filename="access-review-2027-Q1-v7-sessions.csv"',
    )
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(new URL(link).searchParams.get('X-Amz-Expires')).toBe('300')
  })

  it('REV-16 a file whose content breaks midway is not there', async () => {
    const edition = { period: '2027-Q1', version: 8 }
    async function* broken() {
      for (let part = 0; part < 18; part += 1) yield 'x'.repeat(1024 * 1024)
      throw new Error('the ledger went away')
    }

    await expect(
      reports.put(edition, { name: 'sessions.csv', contentType: 'text/csv', content: broken() }),
    ).rejects.toThrow('the ledger went away')

    expect(await reports.list(edition)).toEqual([])
  })
})
