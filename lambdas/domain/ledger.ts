import type { Actor } from './actor.ts'
import { digest, type Json } from './digest.ts'
import { toInstant } from './instant.ts'

export const EVENT_TYPES = [
  'asked',
  'refused',
  'approvers-asked',
  'approvers-reminded',
  'link-voided',
  'decided',
  'approved',
  'denied',
  'unanswered',
  'cancelled',
  'activated',
  'end-ordered',
  'ended',
  'failed',
  'mail-failed',
  'second-look',
  'drift-removed',
  'escalated',
  'mail-bounced',
  'end-announced',
  'extension-asked',
  'debt-closed',
  'books-closed',
] as const
export type EventType = (typeof EVENT_TYPES)[number]

export type Details = { readonly [key: string]: Json | undefined }

/** One fact about a request. Append-only; each carries the hash of the one before. */
export interface LedgerEvent {
  readonly requestId: string
  /** 1, 2, 3 … without a gap. */
  readonly sequence: number
  readonly type: EventType
  readonly at: Date
  readonly actor: Actor
  readonly details: Details
  readonly previousHash: string
  readonly hash: string
}

export interface Fact {
  readonly type: EventType
  readonly at: Date
  readonly actor: Actor
  readonly details: Details
}

export interface Head {
  readonly sequence: number
  readonly hash: string
}

/** What the first event of a request names as the one before it. */
export const GENESIS: Head = { sequence: 0, hash: '0'.repeat(64) }

/** The event that follows `head` in the chain of a request. */
export function chained(requestId: string, head: Head, fact: Fact): LedgerEvent {
  const event = { requestId, sequence: head.sequence + 1, ...fact, previousHash: head.hash }
  return { ...event, hash: eventHash(event) }
}

/** SHA-256 over the canonical event without its own hash. */
export function eventHash(event: Omit<LedgerEvent, 'hash'>): string {
  const { requestId, sequence, type, at, actor, details, previousHash } = event
  return digest({ requestId, sequence, type, at: toInstant(at), actor, details, previousHash })
}

export type ChainVerdict =
  | { readonly outcome: 'intact'; readonly head: Head }
  | { readonly outcome: 'broken'; readonly sequence: number; readonly detail: string }

/** Checks one request's events, in order: nothing changed, removed, reordered or put between. */
export function verifyChain(requestId: string, events: readonly LedgerEvent[]): ChainVerdict {
  let head = GENESIS
  for (const event of events) {
    const sequence = head.sequence + 1
    const broken = (detail: string): ChainVerdict => ({ outcome: 'broken', sequence, detail })
    if (event.requestId !== requestId) return broken(`event ${sequence} belongs to ${event.requestId}`)
    if (event.sequence !== sequence)
      return broken(`event ${sequence} is missing; ${event.sequence} stands in its place`)
    if (event.previousHash !== head.hash) return broken(`event ${sequence} does not follow the one before it`)
    if (eventHash(event) !== event.hash) return broken(`event ${sequence} is not what was written`)
    head = { sequence, hash: event.hash }
  }
  return { outcome: 'intact', head }
}
