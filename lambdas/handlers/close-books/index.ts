import { setTimeout } from 'node:timers/promises'
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail'
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch'
import { access } from '#access'
import { BothTrails } from '../../adapters/both-trails.ts'
import { CloudTrailTrail } from '../../adapters/cloudtrail-trail.ts'
import { CloudWatchMetrics } from '../../adapters/cloudwatch-metrics.ts'
import { DynamoBooks } from '../../adapters/dynamo-books.ts'
import { dynamoClient } from '../../adapters/dynamo-client.ts'
import { DynamoRequestStore } from '../../adapters/dynamo-request-store.ts'
import { s3Client } from '../../adapters/s3-client.ts'
import { SystemClock } from '../../adapters/system-chance.ts'
import { TrailFiles } from '../../adapters/trail-files.ts'
import { readEnv } from '../../runtime/env.ts'
import { createLogger } from '../../runtime/logger.ts'
import { stepHandler } from '../../runtime/step.ts'
import { $Env } from './env.ts'
import { createHandler } from './handler.ts'

const { TABLE_NAME, TRAIL } = readEnv($Env)
const client = dynamoClient()
const cloudTrailIn = (region?: string) =>
  new CloudTrailClient({ maxAttempts: 6, ...(region !== undefined && { region }) })
const history = new CloudTrailTrail(cloudTrailIn, setTimeout)
const deps = {
  access,
  store: new DynamoRequestStore(client, TABLE_NAME),
  books: new DynamoBooks(client, TABLE_NAME),
  trail: TRAIL === '' ? history : new BothTrails(history, new TrailFiles(s3Client(), TRAIL)),
  metrics: new CloudWatchMetrics(new CloudWatchClient({})),
  clock: new SystemClock(),
}
const logger = createLogger('close-books')

export const handler = stepHandler(createHandler(deps, logger), logger)
