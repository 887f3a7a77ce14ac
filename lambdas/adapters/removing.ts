import { IAMClient } from '@aws-sdk/client-iam'
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { AccessFile } from '../domain/access-file.ts'
import { DynamoLeaseStore } from './dynamo-lease-store.ts'
import { IamPolicyRemover } from './iam-policy-remover.ts'
import { telling } from './telling.ts'

/** What a function that ends a grant is given. */
export function removing(
  access: AccessFile,
  client: DynamoDBDocumentClient,
  env: Readonly<Record<'TABLE_NAME' | 'MAIL_FROM' | 'MAIL_CONFIGURATION_SET', string>>,
  iam = new IAMClient({}),
) {
  return {
    ...telling(access, client, env),
    policies: new IamPolicyRemover(iam),
    leases: new DynamoLeaseStore(client, env.TABLE_NAME),
  }
}
