import type { AccessFile } from '../access-file.ts'
import type { LedgerEvent } from '../ledger.ts'
import type { Request } from '../request.ts'
import type { TrackRecord } from './track-record.ts'

/** A new event and what it belongs to. */
export interface NewEvent {
  readonly access: AccessFile
  readonly event: LedgerEvent
  /** Of the request, up to this one. */
  readonly events: readonly LedgerEvent[]
  readonly request: Request
}

/** A new event, and what is known of its subject: with this event in it, and as it was before. */
export interface Occasion extends NewEvent {
  readonly record: TrackRecord
  readonly before: TrackRecord
}

/** What a rule says of an occasion: a sentence with the figures it compared, or nothing. */
export type Judge<Thresholds> = (occasion: Occasion, thresholds: Thresholds) => string | undefined
