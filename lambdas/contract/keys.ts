/** Every key of the one table. Nothing else in Lapse spells a key. */
export const requestKey = (requestId: string) => ({ pk: `REQUEST#${requestId}`, sk: 'REQUEST' })

export const eventKey = (requestId: string, sequence: number) => ({
  pk: `REQUEST#${requestId}`,
  sk: `${EVENT_PREFIX}${String(sequence).padStart(5, '0')}`,
})
export const EVENT_PREFIX = 'EVENT#'

export const idempotencyKey = (requester: string, key: string) => ({
  pk: `PERSON#${requester}`,
  sk: `IDEMPOTENCY#${key}`,
})

export const linkKey = (tokenHash: string) => ({ pk: `LINK#${tokenHash}`, sk: 'LINK' })

/** Whether access is frozen. Each change is kept beside it under its instant. */
export const freezeKey = (at = 'NOW') => ({ pk: 'FREEZE', sk: at })

export const taskTokenKey = (requestId: string) => ({ pk: `TASK#${requestId}`, sk: 'TASK' })

/** Requests of one person, by id and so by time. Keys only: it is written once a request, never again. */
export const BY_REQUESTER = 'byRequester'
/** Requests that can still change; those that are over are not in it. Keys only. */
export const BY_OPEN = 'byOpen'
export const OPEN = 'OPEN'
/** Requests of one calendar month (UTC), by id. Keys only. */
export const BY_MONTH = 'byMonth'
