import { IAMClient } from '@aws-sdk/client-iam'
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { AccessFile } from '../domain/access-file.ts'
import { DynamoFreezeStore } from './dynamo-freeze-store.ts'
import { DynamoOpenRequests } from './dynamo-open-requests.ts'
import { IamPolicyInventory } from './iam-policy-inventory.ts'
import { IamPolicyRemover } from './iam-policy-remover.ts'
import { telling } from './telling.ts'

/** What a function that closes many grants is given: the hands that remove, and the eyes that find what there is. */
export function closing(
  access: AccessFile,
  client: DynamoDBDocumentClient,
  env: Readonly<Record<'TABLE_NAME' | 'MAIL_FROM' | 'MAIL_CONFIGURATION_SET', string>>,
) {
  const iam = new IAMClient({})
  return {
    ...telling(access, client, env),
    policies: new IamPolicyRemover(iam),
    inventory: new IamPolicyInventory(iam),
    open: new DynamoOpenRequests(client, env.TABLE_NAME),
    freezes: new DynamoFreezeStore(client, env.TABLE_NAME),
  }
}
