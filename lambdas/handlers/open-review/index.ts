import { IAMClient } from '@aws-sdk/client-iam'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { access } from '#access'
import { dynamoClient } from '../../adapters/dynamo-client.ts'
import { DynamoReviewStore } from '../../adapters/dynamo-review-store.ts'
import { IamPrincipals } from '../../adapters/iam-principals.ts'
import { LambdaReviewStarter } from '../../adapters/lambda-review-starter.ts'
import { SystemClock } from '../../adapters/system-chance.ts'
import { apiHandler } from '../../runtime/api.ts'
import { readEnv } from '../../runtime/env.ts'
import { createLogger } from '../../runtime/logger.ts'
import { $Env } from './env.ts'
import { createHandler } from './handler.ts'

const { TABLE_NAME, PRODUCE_REVIEW_FUNCTION } = readEnv($Env)
const reviews = new DynamoReviewStore(dynamoClient(), TABLE_NAME)
const starter = new LambdaReviewStarter(new LambdaClient({}), PRODUCE_REVIEW_FUNCTION)
const principals = new IamPrincipals(new IAMClient({}))

export const handler = apiHandler(
  createHandler({ access, reviews, starter, principals, clock: new SystemClock() }),
  createLogger('open-review'),
)
