import { describe } from '@jest/globals'
import { InMemoryReportStore } from '../support/in-memory-report-store.ts'
import { InMemoryReviewStore } from '../support/in-memory-review-store.ts'
import { reportStoreContract, reviewStoreContract } from '../support/review-store-contract.ts'

describe('the reviews in memory', () => {
  const store = new InMemoryReviewStore()
  reviewStoreContract(() => store)
})

describe('the packs in memory', () => {
  const store = new InMemoryReportStore()
  reportStoreContract(() => store)
})
