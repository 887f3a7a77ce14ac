import type { SimilarRequests } from './similar-requests.ts'

/** What an approver, and who asks, is shown of the time before a request. */
export interface EarlierRequests {
  readonly history: RequesterHistory
  readonly similar: SimilarRequests
}

/** What the requester asked for before, over all entitlements and without this request. */
export interface RequesterHistory {
  readonly askedLast90Days: number
  readonly grantedLast90Days: number
  readonly lastAskedAt?: Date | undefined
  /** Whether there were more than were looked at. */
  readonly isCut?: boolean | undefined
}
