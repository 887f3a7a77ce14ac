import { IAMClient } from '@aws-sdk/client-iam'
import { access } from '#access'
import { dynamoClient } from '../../adapters/dynamo-client.ts'
import { DynamoFreezeStore } from '../../adapters/dynamo-freeze-store.ts'
import { DynamoLeaseStore } from '../../adapters/dynamo-lease-store.ts'
import { IamPolicyBinder } from '../../adapters/iam-policy-binder.ts'
import { telling } from '../../adapters/telling.ts'
import { readEnv } from '../../runtime/env.ts'
import { createLogger } from '../../runtime/logger.ts'
import { stepHandler } from '../../runtime/step.ts'
import { $Env } from './env.ts'
import { createHandler } from './handler.ts'

const env = readEnv($Env)
const client = dynamoClient()
const deps = {
  ...telling(access, client, env),
  policies: new IamPolicyBinder(new IAMClient({})),
  freezes: new DynamoFreezeStore(client, env.TABLE_NAME),
  leases: new DynamoLeaseStore(client, env.TABLE_NAME),
}

export const handler = stepHandler(createHandler(deps), createLogger('attach-policy'))
