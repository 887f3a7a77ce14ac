import { CloudWatchClient } from '@aws-sdk/client-cloudwatch'
import { access } from '#access'
import { CloudWatchMetrics } from '../../adapters/cloudwatch-metrics.ts'
import { dynamoClient } from '../../adapters/dynamo-client.ts'
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
  ...waking(client, env.TABLE_NAME),
  metrics: new CloudWatchMetrics(new CloudWatchClient({})),
}
const logger = createLogger('track-delivery')

export const handler = stepHandler(createHandler(deps, logger), logger)
