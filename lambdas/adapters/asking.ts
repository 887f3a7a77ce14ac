import { IAMClient } from '@aws-sdk/client-iam'
import { SFNClient } from '@aws-sdk/client-sfn'
import type { RequestAccessDeps } from '../application/request-access.ts'
import type { AccessFile } from '../domain/access-file.ts'
import { dynamoClient } from './dynamo-client.ts'
import { DynamoFindingStore } from './dynamo-finding-store.ts'
import { DynamoFreezeStore } from './dynamo-freeze-store.ts'
import { DynamoLeaseStore } from './dynamo-lease-store.ts'
import { DynamoRequestStore } from './dynamo-request-store.ts'
import { IamPolicyQuotas } from './iam-policy-quotas.ts'
import { IamPrincipals } from './iam-principals.ts'
import { SfnExecutions } from './sfn-workflow.ts'
import { RandomIds, SystemClock } from './system-chance.ts'

export interface AskingEnv {
  readonly TABLE_NAME: string
  readonly STATE_MACHINE_ARN: string
  readonly ATTACHMENTS_PER_USER: number
  readonly BOUNDARIES: readonly string[]
}

/** What a function that takes asks is given: a first one, or one that prolongs a grant. */
export function asking(access: AccessFile, accessHash: string, env: AskingEnv): RequestAccessDeps {
  const client = dynamoClient()
  const iam = new IAMClient({})
  return {
    access,
    accessHash,
    store: new DynamoRequestStore(client, env.TABLE_NAME),
    findings: new DynamoFindingStore(client, env.TABLE_NAME),
    freezes: new DynamoFreezeStore(client, env.TABLE_NAME),
    leases: new DynamoLeaseStore(client, env.TABLE_NAME),
    workflow: new SfnExecutions(new SFNClient({}), env.STATE_MACHINE_ARN),
    clock: new SystemClock(),
    ids: new RandomIds(),
    principals: new IamPrincipals(iam),
    boundaries: env.BOUNDARIES,
    quotas: new IamPolicyQuotas(iam),
    attachmentsPerUser: env.ATTACHMENTS_PER_USER,
  }
}
