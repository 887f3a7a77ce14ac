import { CloudWatchClient } from '@aws-sdk/client-cloudwatch'
import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { access } from '#access'
import { CloudWatchMetrics } from '../../adapters/cloudwatch-metrics.ts'
import { CloudWatchOutcomes } from '../../adapters/cloudwatch-outcomes.ts'
import { CloudWatchSignals } from '../../adapters/cloudwatch-signals.ts'
import { dynamoClient } from '../../adapters/dynamo-client.ts'
import { DynamoRequestStore } from '../../adapters/dynamo-request-store.ts'
import { EventBridgeBus } from '../../adapters/event-bridge-bus.ts'
import { noticing } from '../../adapters/noticing.ts'
import { readEnv } from '../../runtime/env.ts'
import { createLogger } from '../../runtime/logger.ts'
import { stepHandler } from '../../runtime/step.ts'
import { $Env } from './env.ts'
import { createHandler } from './handler.ts'

const env = readEnv($Env)
const cloudWatch = new CloudWatchClient({})
const metrics = new CloudWatchMetrics(cloudWatch)
const client = dynamoClient()
const bus = new EventBridgeBus(new EventBridgeClient({}), { busName: env.BUS_NAME, apiUrl: env.API_URL })
const logger = createLogger('watch-events')
const deps = {
  store: new DynamoRequestStore(client, env.TABLE_NAME),
  watchers: [
    // Before the bus: what it will not take for long is dropped from the stream, and must have been compared by then.
    noticing({ access, teller: bus, metrics, log: logger }, client, env.TABLE_NAME),
    bus,
    new CloudWatchOutcomes(cloudWatch, access),
    new CloudWatchSignals(metrics),
  ],
  metrics,
}

export const handler = stepHandler(createHandler(deps, logger), logger)
