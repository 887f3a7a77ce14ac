import { IAMClient } from '@aws-sdk/client-iam'
import { access } from '#access'
import { dynamoClient } from '../../adapters/dynamo-client.ts'
import { DynamoFindingStore } from '../../adapters/dynamo-finding-store.ts'
import { IamPrincipals } from '../../adapters/iam-principals.ts'
import { apiHandler } from '../../runtime/api.ts'
import { readEnv } from '../../runtime/env.ts'
import { createLogger } from '../../runtime/logger.ts'
import { $Env } from './env.ts'
import { createHandler } from './handler.ts'

const deps = {
  access,
  findings: new DynamoFindingStore(dynamoClient(), readEnv($Env).TABLE_NAME),
  principals: new IamPrincipals(new IAMClient({})),
}

export const handler = apiHandler(createHandler(deps), createLogger('list-findings'))
