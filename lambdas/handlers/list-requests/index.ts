import { IAMClient } from '@aws-sdk/client-iam'
import { access } from '#access'
import { dynamoClient } from '../../adapters/dynamo-client.ts'
import { DynamoRequestStore } from '../../adapters/dynamo-request-store.ts'
import { IamPrincipals } from '../../adapters/iam-principals.ts'
import { apiHandler } from '../../runtime/api.ts'
import { readEnv } from '../../runtime/env.ts'
import { createLogger } from '../../runtime/logger.ts'
import { $Env } from './env.ts'
import { createHandler } from './handler.ts'

const store = new DynamoRequestStore(dynamoClient(), readEnv($Env).TABLE_NAME)
const principals = new IamPrincipals(new IAMClient({}))

export const handler = apiHandler(createHandler({ access, store, principals }), createLogger('list-requests'))
