import { beforeEach } from '@jest/globals'
import { Faults } from '../support/faults.ts'
import { InMemoryIam } from '../support/in-memory-iam.ts'
import { InMemoryLinkStore } from '../support/in-memory-link-store.ts'
import { InMemoryRequestStore } from '../support/in-memory-request-store.ts'
import { InMemoryTaskTokens } from '../support/in-memory-task-tokens.ts'
import { iamContract } from './iam-contract.ts'
import { type Stores, storeContract } from './store-contract.ts'

let stores: Stores
let iam: InMemoryIam

beforeEach(() => {
  const faults = new Faults()
  const links = new InMemoryLinkStore(faults)
  stores = { requests: new InMemoryRequestStore(faults, links), links, taskTokens: new InMemoryTaskTokens(faults) }
  iam = new InMemoryIam(faults)
})

storeContract('in memory', () => stores)

iamContract('in memory', () => ({
  author: iam,
  binder: iam,
  remover: iam,
  account: '111122223333',
  addUser: async arn => iam.addUser(arn),
  removeUser: async arn => {
    iam.users.delete(arn)
  },
  meddle: async policyArn => {
    iam.attachTo('role r', policyArn)
    iam.attachTo('group g', policyArn)
    iam.addVersion(policyArn, {}, { asDefault: true })
    iam.addVersion(policyArn, {}, { asDefault: false })
  },
}))
