import { access } from '#access'
import { dynamoClient } from '../../adapters/dynamo-client.ts'
import { DynamoFindingStore } from '../../adapters/dynamo-finding-store.ts'
import { DynamoFreezeStore } from '../../adapters/dynamo-freeze-store.ts'
import { DynamoLinkStore } from '../../adapters/dynamo-link-store.ts'
import { RandomIds } from '../../adapters/system-chance.ts'
import { telling } from '../../adapters/telling.ts'
import { waking } from '../../adapters/waking.ts'
import { readEnv } from '../../runtime/env.ts'
import { createLogger } from '../../runtime/logger.ts'
import { stepHandler } from '../../runtime/step.ts'
import { $Env } from './env.ts'
import { createHandler } from './handler.ts'

const env = readEnv($Env)
const client = dynamoClient()
const deps = {
  ...telling(access, client, env),
  findings: new DynamoFindingStore(client, env.TABLE_NAME),
  freezes: new DynamoFreezeStore(client, env.TABLE_NAME),
  links: new DynamoLinkStore(client, env.TABLE_NAME),
  ...waking(client, env.TABLE_NAME),
  ids: new RandomIds(),
  publicUrl: env.PUBLIC_URL,
}

const logger = createLogger('ask-approvers')

export const handler = stepHandler(createHandler(deps, logger), logger)
