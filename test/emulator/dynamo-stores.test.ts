import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll } from '@jest/globals'
import { DynamoBooks } from '../../lambdas/adapters/dynamo-books.ts'
import { DynamoDigestStore } from '../../lambdas/adapters/dynamo-digest-store.ts'
import { DynamoFindingStore } from '../../lambdas/adapters/dynamo-finding-store.ts'
import { DynamoFreezeStore } from '../../lambdas/adapters/dynamo-freeze-store.ts'
import { DynamoLeaseStore } from '../../lambdas/adapters/dynamo-lease-store.ts'
import { DynamoLinkStore } from '../../lambdas/adapters/dynamo-link-store.ts'
import { DynamoOpenDebts } from '../../lambdas/adapters/dynamo-open-debts.ts'
import { DynamoOpenRequests } from '../../lambdas/adapters/dynamo-open-requests.ts'
import { DynamoRequestStore } from '../../lambdas/adapters/dynamo-request-store.ts'
import { DynamoTaskTokenStore } from '../../lambdas/adapters/dynamo-task-token-store.ts'
import { booksContract } from '../adapters/books-contract.ts'
import { freezeContract, openRequestsContract } from '../adapters/closing-contract.ts'
import { countingContract } from '../adapters/counting-contract.ts'
import { digestContract } from '../adapters/digest-contract.ts'
import { findingContract } from '../adapters/finding-contract.ts'
import { leaseContract } from '../adapters/lease-contract.ts'
import { type Stores, storeContract } from '../adapters/store-contract.ts'
import { type BareEmulator, startBareEmulator } from '../support/bare-emulator.ts'
import { aLedgerTable } from '../support/ledger-table.ts'

const TABLE = 'lapse'
let emulator: BareEmulator
let stores: Stores & { readonly open: DynamoOpenRequests }
let freezes: DynamoFreezeStore
let leases: DynamoLeaseStore
let digests: DynamoDigestStore
let books: DynamoBooks
let debts: DynamoOpenDebts
let findings: DynamoFindingStore

beforeAll(async () => {
  emulator = await startBareEmulator()
  const base = new DynamoDBClient({ ...emulator.configFor(emulator.rootCredentials), maxAttempts: 3 })
  await base.send(aLedgerTable(TABLE))
  const client = DynamoDBDocumentClient.from(base, { marshallOptions: { removeUndefinedValues: true } })
  stores = {
    requests: new DynamoRequestStore(client, TABLE),
    links: new DynamoLinkStore(client, TABLE),
    taskTokens: new DynamoTaskTokenStore(client, TABLE),
    open: new DynamoOpenRequests(client, TABLE),
  }
  freezes = new DynamoFreezeStore(client, TABLE)
  leases = new DynamoLeaseStore(client, TABLE)
  digests = new DynamoDigestStore(client, TABLE)
  books = new DynamoBooks(client, TABLE)
  debts = new DynamoOpenDebts(client, TABLE)
  findings = new DynamoFindingStore(client, TABLE)
}, 90_000)

afterAll(() => emulator.stop())

storeContract('DynamoDB', () => stores)

countingContract(
  'DynamoDB',
  () => stores.requests,
  () => debts,
)

openRequestsContract('DynamoDB', () => stores)

freezeContract('DynamoDB', () => freezes)

leaseContract('DynamoDB', () => leases)

findingContract('DynamoDB', () => findings)

digestContract('DynamoDB', () => digests)

booksContract('DynamoDB', () => ({ requests: stores.requests, books }))
