import { ObjectStaging } from '../../adapters/object-staging.ts'
import { s3Client } from '../../adapters/s3-client.ts'
import { S3Objects } from '../../adapters/s3-objects.ts'
import { readEnv } from '../../runtime/env.ts'
import { createLogger } from '../../runtime/logger.ts'
import { stepHandler } from '../../runtime/step.ts'
import { $Env } from './env.ts'
import { createHandler } from './handler.ts'

const { STAGING_BUCKET } = readEnv($Env)
const staging = new ObjectStaging(new S3Objects(s3Client(), STAGING_BUCKET))
const logger = createLogger('archive-events')

export const handler = stepHandler(createHandler({ staging }, logger), logger)
