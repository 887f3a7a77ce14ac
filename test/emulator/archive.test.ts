import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { KMSClient } from '@aws-sdk/client-kms'
import {
  DeleteEventSourceMappingCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
  UpdateFunctionCodeCommand,
} from '@aws-sdk/client-lambda'
import { DeleteObjectCommand, ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3'
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import * as z from 'zod/mini'
import { CloudWatchMetrics } from '../../lambdas/adapters/cloudwatch-metrics.ts'
import { DynamoLedgerSource } from '../../lambdas/adapters/dynamo-ledger-source.ts'
import { DynamoRequestStore } from '../../lambdas/adapters/dynamo-request-store.ts'
import { KmsDigestSigner } from '../../lambdas/adapters/kms-digest-signer.ts'
import { ObjectArchive } from '../../lambdas/adapters/object-archive.ts'
import { ObjectStaging } from '../../lambdas/adapters/object-staging.ts'
import { S3Objects } from '../../lambdas/adapters/s3-objects.ts'
import { rebuildArchive } from '../../lambdas/application/rebuild-archive.ts'
import { sealDays } from '../../lambdas/application/seal-days.ts'
import { BY_MONTH } from '../../lambdas/contract/keys.ts'
import { eventRow, requestRow } from '../../lambdas/contract/rows.ts'
import { monthsBetween } from '../../lambdas/domain/period.ts'
import { CLOSED_STATUSES } from '../../lambdas/domain/request.ts'
import { loadAccessFile } from '../../lib/access-file/load.ts'
import { bundle } from '../../lib/bundle.ts'
import { objectsContract } from '../adapters/objects-contract.ts'
import { aHistory } from '../support/a-history.ts'
import { type BareEmulator, startBareEmulator } from '../support/bare-emulator.ts'
import { createStack, inlineFunction } from '../support/cloudformation-stack.ts'
import { PROJECT } from '../support/source-files.ts'
import { SteppedClock } from '../support/stepped-clock.ts'
import { typed } from '../support/typed.ts'
import { until } from '../support/until.ts'
import { zipOf } from '../support/zip.ts'

const $function = z.looseObject({ Properties: z.looseObject({}) })
const TABLE = 'archived'
const MARCH = monthsBetween('2027-03', '2027-03')
const ended = aHistory().approved().activated().ended()
const open = aHistory({ requester: 'carol' })

let emulator: BareEmulator
let folder: string
let s3: S3Client
let lambda: LambdaClient
let dynamo: DynamoDBDocumentClient
let staging: ObjectStaging
let archiveObjects: S3Objects
let deps: Parameters<typeof sealDays>[0] & Parameters<typeof rebuildArchive>[0]
const clock = new SteppedClock()

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lapse-archive-'))
  emulator = await startBareEmulator()
  const code = readFileSync(
    join(bundle('archive-events', folder, loadAccessFile(join(PROJECT, 'access.yaml'))), 'index.js'),
    'utf8',
  )
  const { Key = '' } = await createStack(emulator, 'archive', resources(), { Key: { Ref: 'Key' } })
  const config = { ...emulator.configFor(emulator.rootCredentials), maxAttempts: 3 }
  lambda = new LambdaClient(config)
  await lambda.send(new UpdateFunctionCodeCommand({ FunctionName: 'consumer', ZipFile: zipOf('index.js', code) }))
  s3 = new S3Client({ ...config, forcePathStyle: true })
  const marshallOptions = { removeUndefinedValues: true }
  dynamo = DynamoDBDocumentClient.from(new DynamoDBClient(config), { marshallOptions })
  staging = new ObjectStaging(new S3Objects(s3, 'staging'))
  archiveObjects = new S3Objects(s3, 'archive')
  deps = {
    staging,
    archive: new ObjectArchive(archiveObjects),
    signer: new KmsDigestSigner(new KMSClient(config), Key),
    ledger: new DynamoLedgerSource(dynamo, TABLE, new DynamoRequestStore(dynamo, TABLE)),
    metrics: new CloudWatchMetrics(new CloudWatchClient(config)),
    clock,
  }
}, 120_000)

afterAll(async () => {
  await emulator.stop()
  rmSync(folder, { recursive: true })
}, 60_000)

objectsContract('S3', () => new S3Objects(s3, 'contract'))

describe('the archive', () => {
  it('AUD-03 gets events and closed requests from the stream of the table, passing by what is neither, and poison', async () => {
    const poison = { pk: 'REQUEST#poison', sk: 'EVENT#00001', kind: 'event', id: 'poison' }
    const link = { pk: 'LINK#x', sk: 'LINK', kind: 'link' }
    const rows = [
      poison,
      link,
      ...[ended, open].flatMap(({ request, events }) => [...events.map(eventRow), requestRow(request)]),
    ]
    for (const Item of rows) await dynamo.send(new PutCommand({ TableName: TABLE, Item }))

    const day = { day: '2027-03-01' } as const
    const staged = await until('every line is staged', 60, async () => {
      const events = await staging.read({ ...day, table: 'events' })
      return events.lines.length >= ended.events.length + open.events.length ? events : undefined
    })
    const requests = await until('the closed request is staged', 60, async () => {
      const { lines } = await staging.read({ ...day, table: 'requests' })
      return lines.length > 0 ? lines : undefined
    })
    expect(new Set(staged.lines.map(({ requestId }) => requestId))).toEqual(
      new Set([ended.request.id, open.request.id]),
    )
    expect(requests.map(({ requestId }) => requestId)).toEqual([ended.request.id])
    expect(await new S3Objects(s3, 'staging').keys('unreadable/')).toHaveLength(1)
  }, 120_000)

  it('AUD-02 is sealed, signed by KMS, and verified from files alone; AUD-03 the table gives the same', async () => {
    clock.setTo(new Date('2027-03-02T02:00:00Z'))

    const sealed = await sealDays(deps)
    const difference = await rebuildArchive(deps, MARCH)
    await download(archiveObjects, join(folder, 'archive'))
    const { exit, out } = await typed(['verify', '--archive', 'archive', '--until', '2027-03-01', '--json'], { folder })

    expect(sealed).toEqual([{ day: '2027-03-01', objects: 2, heads: 2 }])
    expect(difference).toMatchObject({ missing: { events: 0, requests: 0 }, foreign: [] })
    expect({ exit, ...JSON.parse(out) }).toMatchObject({ exit: 0, outcome: 'intact', findings: [], requests: 2 })
  }, 60_000)

  it('FI-21 has nothing missing once it is rebuilt from the table after the stream was off', async () => {
    const missed = aHistory({ at: new Date('2027-03-02T10:00:00Z') }).denied({ approver: 'bob' })
    await withoutStream(async () => {
      for (const Item of [...missed.events.map(eventRow), requestRow(missed.request)]) {
        await dynamo.send(new PutCommand({ TableName: TABLE, Item }))
      }
    })
    clock.setTo(new Date('2027-03-03T02:00:00Z'))
    await sealDays(deps)

    const found = await rebuildArchive(deps, MARCH)
    clock.setTo(new Date('2027-03-04T02:00:00Z'))
    await sealDays(deps)

    expect(found.missing).toEqual({ events: missed.events.length, requests: 1 })
    expect((await rebuildArchive(deps, MARCH)).missing).toEqual({ events: 0, requests: 0 })
    await download(archiveObjects, join(folder, 'archive'))
    expect((await typed(['verify', '--archive', 'archive'], { folder })).exit).toBe(0)
  }, 60_000)

  it('T8 lets nobody, root neither, delete what is sealed', async () => {
    const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: 'archive' }))

    expect(Versions.length).toBeGreaterThan(4)
    for (const { Key, VersionId } of Versions) {
      await expect(s3.send(new DeleteObjectCommand({ Bucket: 'archive', Key, VersionId }))).rejects.toThrow(/Denied/)
    }
  })
})

/** What is written meanwhile no consumer ever sees. */
async function withoutStream(deed: () => Promise<void>): Promise<void> {
  const { EventSourceMappings = [] } = await lambda.send(new ListEventSourceMappingsCommand({}))
  for (const { UUID } of EventSourceMappings) await lambda.send(new DeleteEventSourceMappingCommand({ UUID }))
  expect(EventSourceMappings).toHaveLength(1)
  await deed()
}

/** As `aws s3 sync` does. */
async function download(objects: S3Objects, to: string): Promise<void> {
  for (const key of await objects.keys('')) {
    const file = join(to, key)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, await objects.read(key))
  }
}

/** Table, stream, consumer, buckets and key, with the properties of the app that the emulator knows. */
function resources(): Record<string, object> {
  const stage = { Effect: 'Allow', Action: ['s3:PutObject'], Resource: ['arn:aws:s3:::staging/*'] }
  const follow = {
    Effect: 'Allow',
    Action: ['dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:DescribeStream'],
    Resource: [{ 'Fn::GetAtt': ['Table', 'StreamArn'] }],
  }
  const consumer = inlineFunction('consumer', 'its code comes later', [stage, follow])
  const kind = (value: string) => ({ kind: { S: [value] } })
  const patterns = [
    { eventName: ['INSERT'], dynamodb: { NewImage: kind('event') } },
    { dynamodb: { NewImage: { ...kind('request'), status: { S: CLOSED_STATUSES } } } },
  ]
  return {
    ...withStaging(consumer),
    Table: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        TableName: TABLE,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: ['pk', 'sk', 'month', 'id'].map(AttributeName => ({ AttributeName, AttributeType: 'S' })),
        KeySchema: keySchema('pk', 'sk'),
        GlobalSecondaryIndexes: [
          { IndexName: BY_MONTH, KeySchema: keySchema('month', 'id'), Projection: { ProjectionType: 'KEYS_ONLY' } },
        ],
        StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
      },
    },
    Source: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        FunctionName: { Ref: 'consumer' },
        EventSourceArn: { 'Fn::GetAtt': ['Table', 'StreamArn'] },
        StartingPosition: 'TRIM_HORIZON',
        BatchSize: 10_000,
        FilterCriteria: { Filters: patterns.map(pattern => ({ Pattern: JSON.stringify(pattern) })) },
      },
    },
    Staging: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'staging' } },
    Contract: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'contract' } },
    Archive: {
      Type: 'AWS::S3::Bucket',
      Properties: {
        BucketName: 'archive',
        VersioningConfiguration: { Status: 'Enabled' },
        ObjectLockEnabled: true,
        ObjectLockConfiguration: {
          ObjectLockEnabled: 'Enabled',
          Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 400 } },
        },
      },
    },
    Key: { Type: 'AWS::KMS::Key', Properties: { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' } },
  }
}

function withStaging(made: Record<string, object>): Record<string, object> {
  const { consumer = {}, ...rest } = made
  const { Properties, ...type } = $function.parse(consumer)
  return {
    ...rest,
    consumer: { ...type, Properties: { ...Properties, Environment: { Variables: { STAGING_BUCKET: 'staging' } } } },
  }
}

function keySchema(hash: string, range: string) {
  return [
    { AttributeName: hash, KeyType: 'HASH' },
    { AttributeName: range, KeyType: 'RANGE' },
  ]
}
