import { CloudWatchClient } from '@aws-sdk/client-cloudwatch'
import { IAMClient } from '@aws-sdk/client-iam'
import { CloudWatchMetrics } from '../../adapters/cloudwatch-metrics.ts'
import { dynamoClient } from '../../adapters/dynamo-client.ts'
import { DynamoFreezeStore } from '../../adapters/dynamo-freeze-store.ts'
import { DynamoOpenDebts } from '../../adapters/dynamo-open-debts.ts'
import { IamPolicyQuotas } from '../../adapters/iam-policy-quotas.ts'
import { SystemClock } from '../../adapters/system-chance.ts'
import { readEnv } from '../../runtime/env.ts'
import { createLogger } from '../../runtime/logger.ts'
import { stepHandler } from '../../runtime/step.ts'
import { $Env } from './env.ts'
import { createHandler } from './handler.ts'

const { TABLE_NAME } = readEnv($Env)
const client = dynamoClient()
const deps = {
  debts: new DynamoOpenDebts(client, TABLE_NAME),
  freezes: new DynamoFreezeStore(client, TABLE_NAME),
  quotas: new IamPolicyQuotas(new IAMClient({})),
  metrics: new CloudWatchMetrics(new CloudWatchClient({})),
  clock: new SystemClock(),
}

export const handler = stepHandler(createHandler(deps), createLogger('measure-house'))
