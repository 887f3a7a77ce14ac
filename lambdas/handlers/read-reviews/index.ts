import { IAMClient } from '@aws-sdk/client-iam'
import { access } from '#access'
import { dynamoClient } from '../../adapters/dynamo-client.ts'
import { DynamoReviewStore } from '../../adapters/dynamo-review-store.ts'
import { IamPrincipals } from '../../adapters/iam-principals.ts'
import { s3Client } from '../../adapters/s3-client.ts'
import { S3ReportStore } from '../../adapters/s3-report-store.ts'
import { apiHandler } from '../../runtime/api.ts'
import { readEnv } from '../../runtime/env.ts'
import { createLogger } from '../../runtime/logger.ts'
import { $Env } from './env.ts'
import { createHandler } from './handler.ts'

const { TABLE_NAME, REPORTS_BUCKET } = readEnv($Env)
const reviews = new DynamoReviewStore(dynamoClient(), TABLE_NAME)
const reports = new S3ReportStore(s3Client(), REPORTS_BUCKET)
const principals = new IamPrincipals(new IAMClient({}))

export const handler = apiHandler(createHandler({ access, reviews, reports, principals }), createLogger('read-reviews'))
