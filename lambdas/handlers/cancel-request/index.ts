import { SFNClient } from '@aws-sdk/client-sfn'
import { access } from '#access'
import { dynamoClient } from '../../adapters/dynamo-client.ts'
import { DynamoRequestStore } from '../../adapters/dynamo-request-store.ts'
import { DynamoTaskTokenStore } from '../../adapters/dynamo-task-token-store.ts'
import { SfnAnswers } from '../../adapters/sfn-workflow.ts'
import { SystemClock } from '../../adapters/system-chance.ts'
import { apiHandler } from '../../runtime/api.ts'
import { readEnv } from '../../runtime/env.ts'
import { createLogger } from '../../runtime/logger.ts'
import { $Env } from './env.ts'
import { createHandler } from './handler.ts'

const { TABLE_NAME } = readEnv($Env)
const client = dynamoClient()
const deps = {
  access,
  store: new DynamoRequestStore(client, TABLE_NAME),
  taskTokens: new DynamoTaskTokenStore(client, TABLE_NAME),
  workflow: new SfnAnswers(new SFNClient({})),
  clock: new SystemClock(),
}

export const handler = apiHandler(createHandler(deps), createLogger('cancel-request'))
