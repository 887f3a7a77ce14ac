import { IAMClient } from '@aws-sdk/client-iam'
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { AccessFile } from '../domain/access-file.ts'
import { DynamoFreezeStore } from './dynamo-freeze-store.ts'
import { DynamoOpenRequests } from './dynamo-open-requests.ts'
import { IamPolicyInventory } from './iam-policy-inventory.ts'
import { removing } from './removing.ts'

/** What a function that closes many grants is given: the hands that remove, and the eyes that find what there is. */
export function closing(
  access: AccessFile,
  client: DynamoDBDocumentClient,
  env: Readonly<Record<'TABLE_NAME' | 'MAIL_FROM' | 'MAIL_CONFIGURATION_SET', string>>,
) {
  const iam = new IAMClient({})
  return {
    ...removing(access, client, env, iam),
    inventory: new IamPolicyInventory(iam),
    open: new DynamoOpenRequests(client, env.TABLE_NAME),
    freezes: new DynamoFreezeStore(client, env.TABLE_NAME),
  }
}
