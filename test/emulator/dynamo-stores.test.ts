import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll } from '@jest/globals'
import { DynamoLinkStore } from '../../lambdas/adapters/dynamo-link-store.ts'
import { DynamoRequestStore } from '../../lambdas/adapters/dynamo-request-store.ts'
import { DynamoTaskTokenStore } from '../../lambdas/adapters/dynamo-task-token-store.ts'
import { BY_MONTH, BY_REQUESTER } from '../../lambdas/contract/keys.ts'
import { type Stores, storeContract } from '../adapters/store-contract.ts'
import { type BareEmulator, startBareEmulator } from '../support/bare-emulator.ts'

const TABLE = 'lapse'
let emulator: BareEmulator
let stores: Stores

beforeAll(async () => {
  emulator = await startBareEmulator()
  const base = new DynamoDBClient({ ...emulator.configFor(emulator.rootCredentials), maxAttempts: 3 })
  await base.send(aTable())
  const client = DynamoDBDocumentClient.from(base, { marshallOptions: { removeUndefinedValues: true } })
  stores = {
    requests: new DynamoRequestStore(client, TABLE),
    links: new DynamoLinkStore(client, TABLE),
    taskTokens: new DynamoTaskTokenStore(client, TABLE),
  }
}, 90_000)

afterAll(() => emulator.stop())

storeContract('DynamoDB', () => stores)

function aTable(): CreateTableCommand {
  const attribute = (name: string) => ({ AttributeName: name, AttributeType: 'S' as const })
  const index = (name: string, hash: string) => ({
    IndexName: name,
    KeySchema: [
      { AttributeName: hash, KeyType: 'HASH' as const },
      { AttributeName: 'id', KeyType: 'RANGE' as const },
    ],
    Projection: { ProjectionType: 'KEYS_ONLY' as const },
  })
  return new CreateTableCommand({
    TableName: TABLE,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: ['pk', 'sk', 'id', 'requester', 'month'].map(attribute),
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    GlobalSecondaryIndexes: [index(BY_REQUESTER, 'requester'), index(BY_MONTH, 'month')],
  })
}
