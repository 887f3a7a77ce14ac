import { CloudWatchClient } from '@aws-sdk/client-cloudwatch'
import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { IAMClient } from '@aws-sdk/client-iam'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { access } from '#access'
import { CloudWatchMetrics } from '../../adapters/cloudwatch-metrics.ts'
import { dynamoClient } from '../../adapters/dynamo-client.ts'
import { DynamoFindingStore } from '../../adapters/dynamo-finding-store.ts'
import { EventBridgeBus } from '../../adapters/event-bridge-bus.ts'
import { IamHolders } from '../../adapters/iam-holders.ts'
import { LambdaSweepStarter } from '../../adapters/lambda-sweep-starter.ts'
import { RandomIds } from '../../adapters/system-chance.ts'
import { readEnv } from '../../runtime/env.ts'
import { createLogger } from '../../runtime/logger.ts'
import { stepHandler } from '../../runtime/step.ts'
import { $Env } from './env.ts'
import { createHandler } from './handler.ts'

const env = readEnv($Env)
const bus = { busName: env.BUS_NAME, apiUrl: env.API_URL }
const deps = {
  access,
  rolePrefix: env.ROLE_PREFIX,
  sweeps: new LambdaSweepStarter(new LambdaClient({}), env.SWEEP_FUNCTION),
  iam: new IamHolders(new IAMClient({})),
  metrics: new CloudWatchMetrics(new CloudWatchClient({})),
  findings: new DynamoFindingStore(dynamoClient(), env.TABLE_NAME),
  teller: new EventBridgeBus(new EventBridgeClient({}), bus),
  ids: new RandomIds(),
}
const logger = createLogger('note-outside-change')

export const handler = stepHandler(createHandler(deps, logger), logger)
