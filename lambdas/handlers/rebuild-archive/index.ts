import { CloudWatchClient } from '@aws-sdk/client-cloudwatch'
import { CloudWatchMetrics } from '../../adapters/cloudwatch-metrics.ts'
import { dynamoClient } from '../../adapters/dynamo-client.ts'
import { DynamoLedgerSource } from '../../adapters/dynamo-ledger-source.ts'
import { DynamoRequestStore } from '../../adapters/dynamo-request-store.ts'
import { ObjectArchive } from '../../adapters/object-archive.ts'
import { ObjectStaging } from '../../adapters/object-staging.ts'
import { s3Client } from '../../adapters/s3-client.ts'
import { S3Objects } from '../../adapters/s3-objects.ts'
import { SystemClock } from '../../adapters/system-chance.ts'
import { readEnv } from '../../runtime/env.ts'
import { createLogger } from '../../runtime/logger.ts'
import { stepHandler } from '../../runtime/step.ts'
import { $Env } from './env.ts'
import { createHandler } from './handler.ts'

const { TABLE_NAME, STAGING_BUCKET, ARCHIVE_BUCKET } = readEnv($Env)
const dynamo = dynamoClient()
const s3 = s3Client()
const deps = {
  ledger: new DynamoLedgerSource(dynamo, TABLE_NAME, new DynamoRequestStore(dynamo, TABLE_NAME)),
  staging: new ObjectStaging(new S3Objects(s3, STAGING_BUCKET)),
  archive: new ObjectArchive(new S3Objects(s3, ARCHIVE_BUCKET)),
  clock: new SystemClock(),
  metrics: new CloudWatchMetrics(new CloudWatchClient({})),
}
const logger = createLogger('rebuild-archive')

export const handler = stepHandler(createHandler(deps, logger), logger)
