import * as z from 'zod/mini'
import { StoredShapeError } from '../domain/errors.ts'
import type { LedgerEvent } from '../domain/ledger.ts'
import { EVENT_PREFIX, eventKey, requestKey } from './keys.ts'
import { readEvent } from './rows.ts'
import type { RowChange } from './stream-record.ts'

/** What one record of the stream says of the ledger. */
export type LedgerChange =
  | { readonly outcome: 'event'; readonly event: LedgerEvent }
  | { readonly outcome: 'unreadable'; readonly error: StoredShapeError }
  | ({ readonly outcome: 'rewritten' } & Rewritten)
  /** A request that began or took a step, or a row of something else. */
  | { readonly outcome: 'none' }

/** A row that something other than Lapse changed or deleted. */
export interface Rewritten {
  readonly row: 'event' | 'request'
  readonly was: 'changed' | 'deleted'
  readonly requestId: string
  /** Of the event as its key says it; of a request that of its last event, as it was before. */
  readonly sequence: string
}

const $Row = z.object({ kind: z.string() })
const $Standing = z.object({ lastEvent: z.object({ sequence: z.number() }) })
const REQUEST_PREFIX = requestKey('').pk
const REQUEST = requestKey('').sk

/**
 * Invariant: an event is written once, and a request only together with its next event; Lapse deletes neither, and gives neither a time
 * to live. Whatever else the stream shows of them was done by something other than Lapse. A row is known by its key, which no change
 * touches.
 */
export function ledgerChange(change: RowChange): LedgerChange {
  const { pk, sk } = change.key
  if (!pk.startsWith(REQUEST_PREFIX)) return { outcome: 'none' }
  const requestId = pk.slice(REQUEST_PREFIX.length)
  if (sk.startsWith(EVENT_PREFIX)) return ofEvent(change, requestId)
  return sk === REQUEST ? ofRequest(change, requestId) : { outcome: 'none' }
}

function ofEvent({ eventName, key, after }: RowChange, requestId: string): LedgerChange {
  if (eventName === 'INSERT') return newEvent(key, after)
  const sequence = key.sk.slice(EVENT_PREFIX.length)
  return {
    outcome: 'rewritten',
    row: 'event',
    was: eventName === 'REMOVE' ? 'deleted' : 'changed',
    requestId,
    sequence,
  }
}

function ofRequest({ eventName, before, after }: RowChange, requestId: string): LedgerChange {
  if (eventName === 'INSERT') return { outcome: 'none' }
  const from = standing(before)
  const sequence = String(from ?? 'unknown')
  if (eventName === 'REMOVE') return { outcome: 'rewritten', row: 'request', was: 'deleted', requestId, sequence }
  const isStep = from !== undefined && standing(after) === from + 1
  return isStep ? { outcome: 'none' } : { outcome: 'rewritten', row: 'request', was: 'changed', requestId, sequence }
}

function standing(row: unknown): number | undefined {
  return $Standing.safeParse(row).data?.lastEvent.sequence
}

function newEvent(key: RowChange['key'], row: unknown): LedgerChange {
  try {
    const event = readEvent(row)
    const { pk, sk } = eventKey(event.requestId, event.sequence)
    const isInItsPlace = $Row.safeParse(row).data?.kind === 'event' && pk === key.pk && sk === key.sk
    if (isInItsPlace) return { outcome: 'event', event }
    return { outcome: 'unreadable', error: new StoredShapeError(`${key.pk} ${key.sk} (kind, requestId, sequence)`) }
  } catch (error) {
    if (!(error instanceof StoredShapeError)) throw error
    return { outcome: 'unreadable', error }
  }
}
