import { canonical, type Json } from '../digest.ts'
import { plusSeconds, toInstant } from '../instant.ts'
import type { LedgerEvent } from '../ledger.ts'
import type { Request } from '../request.ts'

export const TABLES = ['events', 'requests'] as const
/** What the archive has a table of: every event, and each request as it was when it was over. */
export type ArchiveTable = (typeof TABLES)[number]

/** One line of the archive: an event, or a request that is over, in the one spelling that both the stream and the table give. */
export interface ArchiveLine {
  readonly table: ArchiveTable
  /** UTC day it belongs to, `2027-03-01`: of an event when it happened, of a request when it was asked. */
  readonly day: string
  readonly requestId: string
  /** Of an event its own; of a request that of the last event it had. */
  readonly sequence: number
  readonly hash: string
  /** JSON without a line break. */
  readonly text: string
}

/** Members in this order, always: a reader may scan for it and need not parse what it skips. */
export function lineOfEvent(event: LedgerEvent): ArchiveLine {
  const { requestId, sequence, type, actor, details, previousHash, hash } = event
  const at = toInstant(event.at)
  const members: readonly (readonly [name: string, value: Json])[] = [
    ['requestId', requestId],
    ['sequence', sequence],
    ['type', type],
    ['at', at],
    ['actor', actor],
    ['details', details],
    ['previousHash', previousHash],
    ['hash', hash],
  ]
  const text = `{${members.map(([name, value]) => `"${name}":${canonical(value)}`).join(',')}}`
  return { table: 'events', day: dayOf(event.at), requestId, sequence, hash, text }
}

/** Members sorted by name. */
export function lineOfRequest(request: Request): ArchiveLine {
  const { id: requestId, askedAt, lastEvent } = request
  return { table: 'requests', day: dayOf(askedAt), requestId, ...lastEvent, text: canonical(spelled(request)) }
}

/** The UTC day of an instant, `2027-03-01`. */
export function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10)
}

/** Whether there is such a UTC day. The year 9999 is left out: what comes after its last day is spelled longer, and sorts before it. */
export function isDay(text: string): boolean {
  const midnight = new Date(`${text}T00:00:00Z`)
  // JavaScript reads 30 February as 2 March: only what reads back the same was a day.
  return text < '9999' && !Number.isNaN(midnight.getTime()) && dayOf(midnight) === text
}

/** The UTC day after. */
export function dayAfter(day: string): string {
  return dayOf(plusSeconds(new Date(`${day}T00:00:00Z`), 86_400))
}

/** The UTC day before. */
export function dayBefore(day: string): string {
  return dayOf(plusSeconds(new Date(`${day}T00:00:00Z`), -86_400))
}

/** The order of lines in an object: by request, then by sequence. */
export function byPlace(a: ArchiveLine, b: ArchiveLine): number {
  if (a.requestId !== b.requestId) return a.requestId < b.requestId ? -1 : 1
  return a.sequence - b.sequence || (a.text < b.text ? -1 : Number(a.text > b.text))
}

function spelled(value: unknown): Json {
  if (value instanceof Date) return toInstant(value)
  if (Array.isArray(value)) return value.map(spelled)
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined)
    return Object.fromEntries(members.map(([name, member]) => [name, spelled(member)]))
  }
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null)
    return value
  throw new TypeError(`a ${typeof value} has no place in the archive`)
}
