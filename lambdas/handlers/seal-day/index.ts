import { CloudWatchClient } from '@aws-sdk/client-cloudwatch'
import { KMSClient } from '@aws-sdk/client-kms'
import { CloudWatchMetrics } from '../../adapters/cloudwatch-metrics.ts'
import { KmsDigestSigner } from '../../adapters/kms-digest-signer.ts'
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

const { STAGING_BUCKET, ARCHIVE_BUCKET, SIGNING_KEY_ID } = readEnv($Env)
const s3 = s3Client()
const deps = {
  staging: new ObjectStaging(new S3Objects(s3, STAGING_BUCKET)),
  archive: new ObjectArchive(new S3Objects(s3, ARCHIVE_BUCKET)),
  signer: new KmsDigestSigner(new KMSClient({}), SIGNING_KEY_ID),
  metrics: new CloudWatchMetrics(new CloudWatchClient({})),
  clock: new SystemClock(),
}

export const handler = stepHandler(createHandler(deps), createLogger('seal-day'))
