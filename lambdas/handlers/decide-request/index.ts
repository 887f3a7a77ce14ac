import { IAMClient } from '@aws-sdk/client-iam'
import { access } from '#access'
import { dynamoClient } from '../../adapters/dynamo-client.ts'
import { DynamoFindingStore } from '../../adapters/dynamo-finding-store.ts'
import { IamPrincipals } from '../../adapters/iam-principals.ts'
import { telling } from '../../adapters/telling.ts'
import { waking } from '../../adapters/waking.ts'
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
  findings: new DynamoFindingStore(client, env.TABLE_NAME),
  ...waking(client, env.TABLE_NAME),
}

const logger = createLogger('decide-request')

export const handler = apiHandler(createHandler(deps, logger), logger)
