import { access, accessHash } from '#access'
import { dynamoClient } from '../../adapters/dynamo-client.ts'
import { DynamoFindingStore } from '../../adapters/dynamo-finding-store.ts'
import { DynamoLedgerSource } from '../../adapters/dynamo-ledger-source.ts'
import { DynamoRequestStore } from '../../adapters/dynamo-request-store.ts'
import { DynamoReviewStore } from '../../adapters/dynamo-review-store.ts'
import { s3Client } from '../../adapters/s3-client.ts'
import { S3ReportStore } from '../../adapters/s3-report-store.ts'
import { SystemClock } from '../../adapters/system-chance.ts'
import { reportPage } from '../../pages/report/report-page.ts'
import { readEnv } from '../../runtime/env.ts'
import { createLogger } from '../../runtime/logger.ts'
import { stepHandler } from '../../runtime/step.ts'
import { $Env } from './env.ts'
import { createHandler } from './handler.ts'

const { TABLE_NAME, REPORTS_BUCKET, ARCHIVE_BUCKET, LAPSE_VERSION: lapseVersion } = readEnv($Env)
const [dynamo, s3] = [dynamoClient(), s3Client()]
const ledger = new DynamoLedgerSource(dynamo, TABLE_NAME, new DynamoRequestStore(dynamo, TABLE_NAME))
const reviews = new DynamoReviewStore(dynamo, TABLE_NAME)
const reports = new S3ReportStore(s3, REPORTS_BUCKET)
const archive = new S3ReportStore(s3, ARCHIVE_BUCKET)
const deps = {
  access,
  accessHash,
  lapseVersion,
  ledger,
  findings: new DynamoFindingStore(dynamo, TABLE_NAME),
  reviews,
  reports,
  archive,
  clock: new SystemClock(),
  pageOf: reportPage,
}

export const handler = stepHandler(createHandler(deps), createLogger('produce-review'))
