/** Every key of the one table. Nothing else in Lapse spells a key. */
export const requestKey = (requestId: string) => ({ pk: `REQUEST#${requestId}`, sk: 'REQUEST' })

export const eventKey = (requestId: string, sequence: number) => ({
  pk: `REQUEST#${requestId}`,
  sk: `${EVENT_PREFIX}${String(sequence).padStart(5, '0')}`,
})
export const EVENT_PREFIX = 'EVENT#'

/** What was done with the grant of a request. */
export const activityKey = (requestId: string) => ({ pk: requestKey(requestId).pk, sk: 'ACTIVITY' })

export const idempotencyKey = (requester: string, key: string) => ({
  pk: `PERSON#${requester}`,
  sk: `IDEMPOTENCY#${key}`,
})

/** What a person has had of late. A partition of its own, as the debt has: IAM tells rows apart by that alone. */
export const usesKey = (person: string) => ({ pk: `USES#${person}`, sk: 'USES' })

/** The review a person owes for an emergency. */
export const debtKey = (person: string) => ({ pk: `DEBT#${person}`, sk: 'DEBT' })

export const linkKey = (tokenHash: string) => ({ pk: `LINK#${tokenHash}`, sk: 'LINK' })

/** Who has an AWS-managed policy as it is. One partition, so that all of them are found by one query, as they are now. */
export const LEASES = 'LEASES'
export const leaseKey = (principalArn: string, policyArn: string) => ({
  pk: LEASES,
  sk: `${principalArn}#${policyArn}`,
})

/** Whether access is frozen. Each change is kept beside it under its instant. */
export const freezeKey = (at = 'NOW') => ({ pk: 'FREEZE', sk: at })

/** What is known of one person, or principal, of late: what rules of findings compare with. */
export const watchKey = (subject: string) => ({ pk: `WATCH#${subject}`, sk: 'WATCH' })

export const findingKey = (id: string) => ({ pk: `FINDING#${id}`, sk: 'FINDING' })

/** How far administrators have been told of elevations. */
export const digestKey = () => ({ pk: 'DIGEST', sk: 'LAST' })

export const taskTokenKey = (requestId: string) => ({ pk: `TASK#${requestId}`, sk: 'TASK' })

/** Requests of one person, by id and so by time. Keys only: it is written once a request, never again. */
export const BY_REQUESTER = 'byRequester'
/** Requests that can still change, those whose books are open, debts and findings that are; the others are not in it. Keys only. */
export const BY_OPEN = 'byOpen'
export const OPEN = 'OPEN'
export const BOOKS_OPEN = 'BOOKS'
export const DEBTS_OPEN = 'DEBTS'
export const FINDINGS_OPEN = 'FINDINGS'
/** Requests of one calendar month (UTC), by id, and findings beside them. Keys only. */
export const BY_MONTH = 'byMonth'
/** Findings opened in one calendar month (UTC), in the index of months. */
export const findingsOf = (month: string) => `FINDINGS#${month}`
