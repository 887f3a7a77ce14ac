import { access } from '#access'
import { dynamoClient } from '../../adapters/dynamo-client.ts'
import { DynamoFindingStore } from '../../adapters/dynamo-finding-store.ts'
import { DynamoLinkStore } from '../../adapters/dynamo-link-store.ts'
import { telling } from '../../adapters/telling.ts'
import { waking } from '../../adapters/waking.ts'
import { readEnv } from '../../runtime/env.ts'
import { createLogger } from '../../runtime/logger.ts'
import { pageHandler } from '../../runtime/page.ts'
import { $Env } from './env.ts'
import { createHandler } from './handler.ts'

const env = readEnv($Env)
const client = dynamoClient()
const deps = {
  ...telling(access, client, env),
  links: new DynamoLinkStore(client, env.TABLE_NAME),
  findings: new DynamoFindingStore(client, env.TABLE_NAME),
  ...waking(client, env.TABLE_NAME),
}

const logger = createLogger('decide-by-link')

export const handler = pageHandler(createHandler(deps, logger), logger)
