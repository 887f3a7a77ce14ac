import { access } from '#access'
import { dynamoClient } from '../../adapters/dynamo-client.ts'
import { DynamoFindingStore } from '../../adapters/dynamo-finding-store.ts'
import { DynamoRequestStore } from '../../adapters/dynamo-request-store.ts'
import { SystemClock } from '../../adapters/system-chance.ts'
import { apiHandler } from '../../runtime/api.ts'
import { readEnv } from '../../runtime/env.ts'
import { createLogger } from '../../runtime/logger.ts'
import { $Env } from './env.ts'
import { createHandler } from './handler.ts'

const client = dynamoClient()
const { TABLE_NAME } = readEnv($Env)
const store = new DynamoRequestStore(client, TABLE_NAME)
const findings = new DynamoFindingStore(client, TABLE_NAME)

export const handler = apiHandler(
  createHandler({ access, store, findings, clock: new SystemClock() }),
  createLogger('preview-request'),
)
