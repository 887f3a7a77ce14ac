import { CreateTableCommand } from '@aws-sdk/client-dynamodb'
import { BY_MONTH, BY_OPEN, BY_REQUESTER } from '../../lambdas/contract/keys.ts'

/** Lapse's table with its indexes, for an emulator into which the app is not deployed. */
export function aLedgerTable(name: string): CreateTableCommand {
  const index = (IndexName: string, hash: string) => ({
    IndexName,
    KeySchema: [
      { AttributeName: hash, KeyType: 'HASH' as const },
      { AttributeName: 'id', KeyType: 'RANGE' as const },
    ],
    Projection: { ProjectionType: 'KEYS_ONLY' as const },
  })
  return new CreateTableCommand({
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: ['pk', 'sk', 'id', 'requester', 'month', 'open'].map(AttributeName => ({
      AttributeName,
      AttributeType: 'S' as const,
    })),
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    GlobalSecondaryIndexes: [index(BY_REQUESTER, 'requester'), index(BY_MONTH, 'month'), index(BY_OPEN, 'open')],
  })
}
