import { randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch'
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { CreateBucketCommand, PutBucketVersioningCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import {
  CreateStateMachineCommand,
  DescribeStateMachineCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn'
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod/mini'
import { awsJson } from './aws-json.ts'
import {
  CANARY_KINDS,
  type Canary,
  type CanaryKind,
  type PlaceKind,
  type SearchedHouse,
  type Sighting,
} from './canary.ts'
import { signedFetch } from './signed-fetch.ts'
import { zipOf } from './zip.ts'

/** Whose they are, and part of the name of every place they are put into. */
const PLANTED = 'canary-planted'
/** More lines before them than one call gives, so that the search has to go on. */
const LINES_BEFORE = 10_001
const LINES_AT_ONCE = 5000

/** One canary of each kind, as long and as odd as the real ones. What was signed is known by its look alone. */
export function plantedCanaries(): readonly Canary[] {
  const made: Readonly<Record<CanaryKind, string>> = {
    'link token': randomBytes(32).toString('base64url'),
    code: '730418',
    'task token': randomBytes(480).toString('base64'),
    'secret access key': randomBytes(30).toString('base64'),
    'session token': randomBytes(300).toString('base64'),
    signature: `https://${PLANTED}.example/key?X-Amz-Signature=${randomBytes(32).toString('hex')}`,
  }
  return CANARY_KINDS.map(kind => ({ kind, value: made[kind], of: PLANTED }))
}

export function isPlanted({ of }: Sighting): boolean {
  return of.includes(PLANTED)
}

/** Every kind of canary in every kind of place, as `KIND in PLACE`. Access logs hold no more than what is in an address. */
export function plantedSights(places: readonly PlaceKind[]): readonly string[] {
  return places.flatMap(place => {
    const kinds = place === 'access log' ? CANARY_KINDS.slice(0, 1) : CANARY_KINDS
    return kinds.map(kind => `${kind} in ${place}`)
  })
}

/** Puts each canary into each kind of place that Lapse could leave one in: the search must find them all. */
export async function plant(house: SearchedHouse, canaries: readonly Canary[]): Promise<void> {
  const { endpointUrl: endpoint, region, rootCredentials: credentials } = house.emulator
  const settings = { endpoint, region, credentials, maxAttempts: 3 }
  const secrets = canaries.map(({ value }) => value)
  await inLogs(house, secrets)
  await inTable(new DynamoDBClient(settings), secrets)
  await inObjects(new S3Client({ ...settings, forcePathStyle: true }), secrets)
  await inExecutions(new SFNClient(settings), house, secrets)
  await inMessages(house, secrets)
  await inMetrics(new CloudWatchClient(settings), secrets)
  for (const secret of secrets) await inTrail(house, secret)
}

async function inLogs({ emulator }: SearchedHouse, secrets: readonly string[]): Promise<void> {
  const to = { logGroupName: PLANTED, logStreamName: PLANTED }
  const call = (action: string, input: object) => awsJson(emulator, 'logs', `Logs_20140328.${action}`, input)
  await call('CreateLogGroup', to)
  await call('CreateLogStream', to)
  const lines = [
    ...Array.from({ length: LINES_BEFORE }, () => 'nothing'),
    ...secrets.map(each => `GET /decide/${each}`),
  ]
  const begin = Date.now() - lines.length
  for (let from = 0; from < lines.length; from += LINES_AT_ONCE) {
    const some = lines.slice(from, from + LINES_AT_ONCE)
    const logEvents = some.map((message, index) => ({ timestamp: begin + from + index, message }))
    await call('PutLogEvents', { ...to, logEvents })
  }
}

async function inTable(client: DynamoDBClient, secrets: readonly string[]): Promise<void> {
  const KeySchema = [
    { AttributeName: 'pk', KeyType: 'HASH' as const },
    { AttributeName: 'sk', KeyType: 'RANGE' as const },
  ]
  const AttributeDefinitions = KeySchema.map(({ AttributeName }) => ({ AttributeName, AttributeType: 'S' as const }))
  await client.send(
    new CreateTableCommand({ TableName: PLANTED, KeySchema, AttributeDefinitions, BillingMode: 'PAY_PER_REQUEST' }),
  )
  const rows = DynamoDBDocumentClient.from(client)
  for (const [index, secret] of secrets.entries()) {
    const held = index % 2 === 0 ? { deep: { list: [`x${secret}`] } } : { packed: gzipSync(`code ${secret}`) }
    await rows.send(new PutCommand({ TableName: PLANTED, Item: { pk: `${index}`, sk: 'ROW', ...held } }))
  }
}

/** Plain, gzip and zip in turns, and all of them overwritten, so that only an older version has the canary. */
async function inObjects(client: S3Client, secrets: readonly string[]): Promise<void> {
  const Bucket = PLANTED
  await client.send(new CreateBucketCommand({ Bucket }))
  await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }))
  for (const [index, secret] of secrets.entries()) {
    const text = `a line before\n{"held":"${secret}"}\n`
    const [packed = text] = [text, gzipSync(text), zipOf('inside.jsonl', text)].slice(index % 3)
    const Key = `day/${index}`
    await client.send(new PutObjectCommand({ Bucket, Key, Body: packed }))
    await client.send(new PutObjectCommand({ Bucket, Key, Body: 'nothing' }))
  }
}

async function inExecutions(client: SFNClient, house: SearchedHouse, secrets: readonly string[]): Promise<void> {
  const definition = JSON.stringify({ StartAt: 'Pass', States: { Pass: { Type: 'Pass', End: true } } })
  const { roleArn } = await client.send(new DescribeStateMachineCommand({ stateMachineArn: house.stateMachineArn }))
  const made = await client.send(new CreateStateMachineCommand({ name: PLANTED, definition, roleArn }))
  for (const [index, secret] of secrets.entries()) {
    const input = JSON.stringify({ deep: [{ secret }] })
    const name = `${PLANTED}-${index}`
    await client.send(new StartExecutionCommand({ stateMachineArn: made.stateMachineArn, name, input }))
  }
}

/** In a queue, and on the first bus of Lapse. */
async function inMessages({ emulator }: SearchedHouse, secrets: readonly string[]): Promise<void> {
  const created = await awsJson(emulator, 'sqs', 'AmazonSQS.CreateQueue', { QueueName: PLANTED })
  const { QueueUrl } = z.object({ QueueUrl: z.string() }).parse(created)
  const listed = await awsJson(emulator, 'events', 'AWSEvents.ListEventBuses', { NamePrefix: 'lapse-' })
  const { EventBuses } = z.object({ EventBuses: z.array(z.object({ Name: z.string() })) }).parse(listed)
  const [bus] = EventBuses
  if (!bus) throw new Error('the house has no bus')
  for (const secret of secrets) {
    const MessageBody = JSON.stringify({ failed: { secret } })
    await awsJson(emulator, 'sqs', 'AmazonSQS.SendMessage', { QueueUrl, MessageBody })
    const event = { EventBusName: bus.Name, Source: PLANTED, DetailType: PLANTED, Detail: JSON.stringify({ secret }) }
    await awsJson(emulator, 'events', 'AWSEvents.PutEvents', { Entries: [event] })
  }
}

/** The value of a dimension has at most 255 characters, so a long one is cut. */
async function inMetrics(client: CloudWatchClient, secrets: readonly string[]): Promise<void> {
  for (const secret of secrets) {
    const Dimensions = [{ Name: 'Request', Value: secret.slice(0, 255) }]
    const MetricData = [{ MetricName: 'Planted', Value: 1, Dimensions }]
    await client.send(new PutMetricDataCommand({ Namespace: PLANTED, MetricData }))
  }
}

/** A call that is refused is recorded too, with what it asked for. */
async function inTrail({ emulator }: SearchedHouse, secret: string): Promise<void> {
  await signedFetch('POST', emulator.endpointUrl, {
    credentials: emulator.rootCredentials,
    service: 'iam',
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'user-agent': PLANTED },
    body: new URLSearchParams({ Action: 'GetUser', Version: '2010-05-08', UserName: secret }).toString(),
  })
}
