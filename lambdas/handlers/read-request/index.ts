import { IAMClient } from '@aws-sdk/client-iam'
import { access } from '#access'
import { DynamoBooks } from '../../adapters/dynamo-books.ts'
import { dynamoClient } from '../../adapters/dynamo-client.ts'
import { DynamoFindingStore } from '../../adapters/dynamo-finding-store.ts'
import { DynamoRequestStore } from '../../adapters/dynamo-request-store.ts'
import { IamPrincipals } from '../../adapters/iam-principals.ts'
import { SystemClock } from '../../adapters/system-chance.ts'
import { apiHandler } from '../../runtime/api.ts'
import { readEnv } from '../../runtime/env.ts'
import { createLogger } from '../../runtime/logger.ts'
import { $Env } from './env.ts'
import { createHandler } from './handler.ts'

const { TABLE_NAME } = readEnv($Env)
const client = dynamoClient()
const store = new DynamoRequestStore(client, TABLE_NAME)
const principals = new IamPrincipals(new IAMClient({}))
const books = new DynamoBooks(client, TABLE_NAME)
const findings = new DynamoFindingStore(client, TABLE_NAME)

export const handler = apiHandler(
  createHandler({ access, store, books, findings, principals, clock: new SystemClock() }),
  createLogger('read-request'),
)
