import { CloudTrailClient, paginateLookupEvents } from '@aws-sdk/client-cloudtrail'
import { CloudWatchClient, paginateDescribeAlarms, paginateListMetrics } from '@aws-sdk/client-cloudwatch'
import { DynamoDBClient, paginateListTables, paginateScan } from '@aws-sdk/client-dynamodb'
import { GetObjectCommand, ListBucketsCommand, ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3'
import {
  DescribeExecutionCommand,
  paginateGetExecutionHistory,
  paginateListExecutions,
  paginateListStateMachines,
  SFNClient,
} from '@aws-sdk/client-sfn'
import * as z from 'zod/mini'
import type { Place, SearchedHouse } from './canary.ts'
import { logPlaces } from './canary-logs.ts'
import { queuePlaces } from './canary-queues.ts'
import { textsIn } from './packed-texts.ts'

const $TrailEvent = z.object({ userAgent: z.optional(z.string()) })

/** Every text of the whole account that can be read, but the mail box: mails carry links by nature. */
export async function* placesOf(house: SearchedHouse): AsyncGenerator<Place> {
  const { endpointUrl: endpoint, region, rootCredentials: credentials } = house.emulator
  const settings = { endpoint, region, credentials, maxAttempts: 3 }
  yield* logPlaces(house)
  yield* queuePlaces(house)
  yield* tablePlaces(new DynamoDBClient(settings))
  yield* objectPlaces(new S3Client({ ...settings, forcePathStyle: true }))
  yield* executionPlaces(new SFNClient(settings))
  yield* metricPlaces(new CloudWatchClient(settings))
  yield* trailPlaces(new CloudTrailClient(settings))
}

/** One place for each attribute of each row, named `TABLE PARTITION-KEY SORT-KEY ATTRIBUTE`. */
async function* tablePlaces(client: DynamoDBClient): AsyncGenerator<Place> {
  for await (const { TableNames = [] } of paginateListTables({ client }, {})) {
    for (const TableName of TableNames) {
      for await (const { Items = [] } of paginateScan({ client }, { TableName, ConsistentRead: true })) {
        for (const row of Items) {
          const key = `${TableName} ${row.pk?.S} ${row.sk?.S}`
          for (const [name, value] of Object.entries(row)) {
            const texts = value.B ? textsIn(Buffer.from(value.B)) : [JSON.stringify(value)]
            for (const text of texts) yield { kind: 'table row', where: `${key} ${name}`, text: `${name} ${text}` }
          }
        }
      }
    }
  }
}

/** Every version of every object, unpacked, with its key and what is said about it. */
async function* objectPlaces(client: S3Client): AsyncGenerator<Place> {
  const { Buckets = [] } = await client.send(new ListBucketsCommand({}))
  for (const { Name: Bucket = '' } of Buckets) {
    for await (const { Key = '', VersionId } of versionsOf(client, Bucket)) {
      const found = await client.send(new GetObjectCommand({ Bucket, Key, ...(VersionId && { VersionId }) }))
      const { Metadata, ContentDisposition } = found
      const where = `${Bucket}/${Key}`
      yield { kind: 'object', where, text: JSON.stringify([Key, Metadata, ContentDisposition]) }
      const bytes = Buffer.from((await found.Body?.transformToByteArray()) ?? [])
      for (const text of textsIn(bytes)) yield { kind: 'object', where, text }
    }
  }
}

async function* versionsOf(client: S3Client, Bucket: string) {
  let from: { KeyMarker?: string; VersionIdMarker?: string } = {}
  for (;;) {
    const page = await client.send(new ListObjectVersionsCommand({ Bucket, ...from }))
    yield* page.Versions ?? []
    const { IsTruncated, NextKeyMarker, NextVersionIdMarker } = page
    if (!IsTruncated || NextKeyMarker === undefined) return
    from = { KeyMarker: NextKeyMarker, ...(NextVersionIdMarker && { VersionIdMarker: NextVersionIdMarker }) }
  }
}

/** Input, output and every event of every execution, with its data, named `EXECUTION TYPE`. */
async function* executionPlaces(client: SFNClient): AsyncGenerator<Place> {
  for await (const { stateMachines = [] } of paginateListStateMachines({ client }, {})) {
    for (const { stateMachineArn } of stateMachines) {
      for await (const { executions = [] } of paginateListExecutions({ client }, { stateMachineArn })) {
        for (const { executionArn, name } of executions) {
          const { input, output, error, cause } = await client.send(new DescribeExecutionCommand({ executionArn }))
          const text = JSON.stringify([input, output, error, cause])
          yield { kind: 'execution', where: `${name} Execution`, text }
          for await (const { events = [] } of paginateGetExecutionHistory({ client }, { executionArn })) {
            for (const event of events) {
              yield { kind: 'execution', where: `${name} ${event.type}`, text: JSON.stringify(event) }
            }
          }
        }
      }
    }
  }
}

/** Names, dimensions and what alarms say about themselves; the values are numbers. */
async function* metricPlaces(client: CloudWatchClient): AsyncGenerator<Place> {
  for await (const { Metrics = [] } of paginateListMetrics({ client }, {})) {
    for (const metric of Metrics) {
      yield { kind: 'metric', where: `${metric.Namespace} ${metric.MetricName}`, text: JSON.stringify(metric) }
    }
  }
  for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client }, {})) {
    for (const alarm of MetricAlarms) {
      yield { kind: 'metric', where: `alarm ${alarm.AlarmName}`, text: JSON.stringify(alarm) }
    }
  }
}

async function* trailPlaces(client: CloudTrailClient): AsyncGenerator<Place> {
  for await (const { Events = [] } of paginateLookupEvents({ client }, {})) {
    for (const { EventName, CloudTrailEvent = '{}' } of Events) {
      const { userAgent } = $TrailEvent.parse(JSON.parse(CloudTrailEvent))
      yield { kind: 'trail', where: `${EventName} by ${userAgent}`, text: CloudTrailEvent }
    }
  }
}
