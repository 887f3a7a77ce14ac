import { beforeEach } from '@jest/globals'
import { Faults } from '../support/faults.ts'
import { InMemoryBooks } from '../support/in-memory-books.ts'
import { InMemoryFindingStore } from '../support/in-memory-finding-store.ts'
import { InMemoryFreezeStore } from '../support/in-memory-freeze-store.ts'
import { InMemoryIam } from '../support/in-memory-iam.ts'
import { InMemoryLeaseStore } from '../support/in-memory-lease-store.ts'
import { InMemoryLinkStore } from '../support/in-memory-link-store.ts'
import { InMemoryRequestStore } from '../support/in-memory-request-store.ts'
import { InMemoryTaskTokens } from '../support/in-memory-task-tokens.ts'
import { booksContract } from './books-contract.ts'
import { freezeContract, inventoryContract, openRequestsContract } from './closing-contract.ts'
import { countingContract } from './counting-contract.ts'
import { findingContract } from './finding-contract.ts'
import { type Iam, iamContract } from './iam-contract.ts'
import { leaseContract } from './lease-contract.ts'
import { type Stores, storeContract } from './store-contract.ts'

let stores: Stores & { readonly open: InMemoryRequestStore }
let books: InMemoryBooks
let freezes: InMemoryFreezeStore
let leases: InMemoryLeaseStore
let findings: InMemoryFindingStore
let iam: InMemoryIam

beforeEach(() => {
  const faults = new Faults()
  const links = new InMemoryLinkStore(faults)
  const requests = new InMemoryRequestStore(faults, links)
  stores = { requests, open: requests, links, taskTokens: new InMemoryTaskTokens(faults) }
  books = new InMemoryBooks(requests, faults)
  freezes = new InMemoryFreezeStore(faults)
  leases = new InMemoryLeaseStore(faults)
  findings = new InMemoryFindingStore(faults)
  iam = new InMemoryIam(faults)
})

storeContract('in memory', () => stores)

countingContract(
  'in memory',
  () => stores.requests,
  () => stores.open,
)

openRequestsContract('in memory', () => stores)

booksContract('in memory', () => ({ requests: stores.requests, books }))

freezeContract('in memory', () => freezes)

leaseContract('in memory', () => leases)

findingContract('in memory', () => findings)

const handsOnIam = (): Iam & { readonly inventory: InMemoryIam } => ({
  author: iam,
  inventory: iam,
  binder: iam,
  remover: iam,
  quotas: iam,
  account: '111122223333',
  addUser: async arn => iam.addUser(arn),
  removeUser: async arn => {
    iam.users.delete(arn)
  },
  addRole: async (arn, trusted, boundary) => iam.addRole(arn, { statements: [trusted] }, boundary),
  meddle: async policyArn => {
    iam.attachTo('role r', policyArn)
    iam.attachTo('group g', policyArn)
    iam.addVersion(policyArn, {}, { asDefault: true })
    iam.addVersion(policyArn, {}, { asDefault: false })
  },
})

iamContract('in memory', handsOnIam)

inventoryContract('in memory', handsOnIam)
