import { CloudWatchClient } from '@aws-sdk/client-cloudwatch'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { access } from '#access'
import { CloudWatchMetrics } from '../../adapters/cloudwatch-metrics.ts'
import { LambdaSweepStarter } from '../../adapters/lambda-sweep-starter.ts'
import { readEnv } from '../../runtime/env.ts'
import { createLogger } from '../../runtime/logger.ts'
import { stepHandler } from '../../runtime/step.ts'
import { $Env } from './env.ts'
import { createHandler } from './handler.ts'

const env = readEnv($Env)
const deps = {
  access,
  rolePrefix: env.ROLE_PREFIX,
  sweeps: new LambdaSweepStarter(new LambdaClient({}), env.SWEEP_FUNCTION),
  metrics: new CloudWatchMetrics(new CloudWatchClient({})),
}
const logger = createLogger('note-outside-change')

export const handler = stepHandler(createHandler(deps, logger), logger)
