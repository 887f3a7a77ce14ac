import { IAMClient } from '@aws-sdk/client-iam'
import { SFNClient } from '@aws-sdk/client-sfn'
import { access, accessHash } from '#access'
import { dynamoClient } from '../../adapters/dynamo-client.ts'
import { DynamoFreezeStore } from '../../adapters/dynamo-freeze-store.ts'
import { DynamoLeaseStore } from '../../adapters/dynamo-lease-store.ts'
import { DynamoRequestStore } from '../../adapters/dynamo-request-store.ts'
import { IamPolicyQuotas } from '../../adapters/iam-policy-quotas.ts'
import { IamPrincipals } from '../../adapters/iam-principals.ts'
import { SfnExecutions } from '../../adapters/sfn-workflow.ts'
import { RandomIds, SystemClock } from '../../adapters/system-chance.ts'
import { apiHandler } from '../../runtime/api.ts'
import { readEnv } from '../../runtime/env.ts'
import { createLogger } from '../../runtime/logger.ts'
import { $Env } from './env.ts'
import { createHandler } from './handler.ts'

const { TABLE_NAME, STATE_MACHINE_ARN, ATTACHMENTS_PER_USER, BOUNDARIES } = readEnv($Env)
const client = dynamoClient()
const iam = new IAMClient({})
const deps = {
  access,
  accessHash,
  store: new DynamoRequestStore(client, TABLE_NAME),
  freezes: new DynamoFreezeStore(client, TABLE_NAME),
  leases: new DynamoLeaseStore(client, TABLE_NAME),
  workflow: new SfnExecutions(new SFNClient({}), STATE_MACHINE_ARN),
  clock: new SystemClock(),
  ids: new RandomIds(),
  principals: new IamPrincipals(iam),
  boundaries: BOUNDARIES,
  quotas: new IamPolicyQuotas(iam),
  attachmentsPerUser: ATTACHMENTS_PER_USER,
}

export const handler = apiHandler(createHandler(deps), createLogger('create-request'))
