import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { LambdaClient, UpdateFunctionCodeCommand } from '@aws-sdk/client-lambda'
import { DeleteCommand, DynamoDBDocumentClient, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import * as z from 'zod/mini'
import { DynamoRequestStore } from '../../lambdas/adapters/dynamo-request-store.ts'
import { eventKey, requestKey } from '../../lambdas/contract/keys.ts'
import { METRIC_NAMESPACE, type MetricName } from '../../lambdas/domain/metric-names.ts'
import { loadAccessFile } from '../../lib/access-file/load.ts'
import { bundle } from '../../lib/bundle.ts'
import { aHistory } from '../support/a-history.ts'
import { type BareEmulator, startBareEmulator } from '../support/bare-emulator.ts'
import { createStack, inlineFunction } from '../support/cloudformation-stack.ts'
import { PROJECT } from '../support/source-files.ts'
import { synthesized } from '../support/synthesized.ts'
import { until } from '../support/until.ts'
import { zipOf } from '../support/zip.ts'

const $function = z.looseObject({ Properties: z.looseObject({}) })
const TABLE = 'watched'
const asked = aHistory()
const approved = asked.approved()
const active = approved.activated()
const ended = active.ended()
const { id } = ended.request
const source = synthesized().resources.find(({ path }) => path === 'Watch/Stream/Source')

let emulator: BareEmulator
let folder: string
let dynamo: DynamoDBDocumentClient
let cloudWatch: CloudWatchClient

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lapse-rewritten-'))
  emulator = await startBareEmulator()
  const bundled = bundle('watch-events', folder, loadAccessFile(join(PROJECT, 'access.yaml')))
  await createStack(emulator, 'rewritten', resources())
  const config = { ...emulator.configFor(emulator.rootCredentials), maxAttempts: 3 }
  const code = readFileSync(join(bundled, 'index.js'), 'utf8')
  const update = new UpdateFunctionCodeCommand({ FunctionName: 'watch', ZipFile: zipOf('index.js', code) })
  await new LambdaClient(config).send(update)
  const marshallOptions = { removeUndefinedValues: true }
  dynamo = DynamoDBDocumentClient.from(new DynamoDBClient(config), { marshallOptions })
  cloudWatch = new CloudWatchClient(config)
}, 120_000)

afterAll(async () => {
  await emulator.stop()
  rmSync(folder, { recursive: true })
}, 60_000)

describe('the ledger in the table, with the real stream, filter and function', () => {
  it('AUD-02 rings for nothing that Lapse writes: a request from its ask to its end', async () => {
    await lived(new DynamoRequestStore(dynamo, TABLE))
    const last = { ...eventKey('poison', 1), kind: 'event' }
    await dynamo.send(new PutCommand({ TableName: TABLE, Item: last }))

    await until('the last row is shown', 60, async () => (await counted('EventsUnreadable')) || undefined)
    expect(await counted('RequestsAsked')).toBe(1)
    expect(await counted('ChainsBroken')).toBe(0)
  }, 90_000)

  it.each([
    ['an event that was changed', () => change(eventKey(id, 1), 'actor', { person: 'mallory' })],
    ['an event that was made another kind of row', () => change(eventKey(id, 2), 'kind', 'note')],
    ['an event that was deleted', () => new DeleteCommand({ TableName: TABLE, Key: eventKey(id, 3) })],
    ['a closed request that was changed', () => change(requestKey(id), 'reason', 'none of yours')],
    ['a closed request that was deleted', () => new DeleteCommand({ TableName: TABLE, Key: requestKey(id) })],
  ])(
    'AUD-02 rings within a minute for %s',
    async (_, deed) => {
      const before = await counted('ChainsBroken')

      await dynamo.send(deed())

      const after = await until('it is counted', 60, async () => {
        const now = await counted('ChainsBroken')
        return now > before ? now : undefined
      })
      expect(after).toBe(before + 1)
    },
    90_000,
  )
})

/** The whole life, each step written as Lapse writes it. */
async function lived(store: DynamoRequestStore): Promise<void> {
  const steps = [asked, approved, active, ended]
  for (const [index, { request, events }] of steps.entries()) {
    const event = events.at(-1)
    if (!event) throw new RangeError('a step without its event')
    const from = steps[index - 1]?.request
    if (from) expect(await store.commit({ from, to: request, event })).toBe('won')
    else await store.create({ to: request, event })
  }
}

function change(Key: Record<string, string>, name: string, value: unknown): UpdateCommand {
  return new UpdateCommand({
    TableName: TABLE,
    Key,
    UpdateExpression: 'SET #name = :value',
    ExpressionAttributeNames: { '#name': name },
    ExpressionAttributeValues: { ':value': value },
  })
}

async function counted(MetricName: MetricName): Promise<number> {
  const { Datapoints = [] } = await cloudWatch.send(
    new GetMetricStatisticsCommand({
      Namespace: METRIC_NAMESPACE,
      MetricName,
      StartTime: new Date(Date.now() - 3_600_000),
      EndTime: new Date(Date.now() + 3_600_000),
      Period: 60,
      Statistics: ['Sum'],
    }),
  )
  return Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0)
}

/** Table, stream and function; the event source shows what that of the app shows. */
function resources(): Record<string, object> {
  const allow = (Action: readonly string[], Resource: unknown) => ({ Effect: 'Allow', Action, Resource })
  const { watch = {}, ...rest } = inlineFunction('watch', 'its code comes later', [
    allow(
      ['dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:DescribeStream'],
      [{ 'Fn::GetAtt': ['Table', 'StreamArn'] }],
    ),
    allow(['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem'], [{ 'Fn::GetAtt': ['Table', 'Arn'] }]),
    allow(['cloudwatch:PutMetricData', 'events:PutEvents'], '*'),
  ])
  const { Properties, ...type } = $function.parse(watch)
  const Variables = { TABLE_NAME: TABLE, BUS_NAME: 'default', API_URL: 'https://api.example.com/prod' }
  return {
    ...rest,
    watch: { ...type, Properties: { ...Properties, Environment: { Variables } } },
    Table: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        TableName: TABLE,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: ['pk', 'sk'].map(AttributeName => ({ AttributeName, AttributeType: 'S' })),
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
      },
    },
    Source: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        FunctionName: { Ref: 'watch' },
        EventSourceArn: { 'Fn::GetAtt': ['Table', 'StreamArn'] },
        StartingPosition: 'TRIM_HORIZON',
        FilterCriteria: source?.properties.FilterCriteria,
      },
    },
  }
}
