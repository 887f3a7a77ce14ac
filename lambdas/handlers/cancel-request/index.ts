import { IAMClient } from '@aws-sdk/client-iam'
import { SFNClient } from '@aws-sdk/client-sfn'
import { access } from '#access'
import { dynamoClient } from '../../adapters/dynamo-client.ts'
import { DynamoTaskTokenStore } from '../../adapters/dynamo-task-token-store.ts'
import { IamPrincipals } from '../../adapters/iam-principals.ts'
import { SfnAnswers } from '../../adapters/sfn-workflow.ts'
import { telling } from '../../adapters/telling.ts'
import { apiHandler } from '../../runtime/api.ts'
import { readEnv } from '../../runtime/env.ts'
import { createLogger } from '../../runtime/logger.ts'
import { $Env } from './env.ts'
import { createHandler } from './handler.ts'

const env = readEnv($Env)
const client = dynamoClient()
const deps = {
  ...telling(access, client, env),
  principals: new IamPrincipals(new IAMClient({})),
  taskTokens: new DynamoTaskTokenStore(client, env.TABLE_NAME),
  workflow: new SfnAnswers(new SFNClient({})),
}

const logger = createLogger('cancel-request')

export const handler = apiHandler(createHandler(deps, logger), logger)
