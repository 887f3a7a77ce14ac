import type { Finding } from '../../domain/findings/finding.ts'
import type { TrackRecord } from '../../domain/findings/track-record.ts'

export interface FindingChange {
  /** As they are to be; `version` is that of the row each replaces. */
  readonly records: readonly TrackRecord[]
  /** New ones. */
  readonly opened: readonly Finding[]
  /** Open ones that were found again, or are closed now. */
  readonly changed: readonly { readonly from: Finding; readonly to: Finding }[]
}

/** Findings, and what rules compare with. */
export interface FindingStore {
  /** As it is now; an empty one of version 0 where nothing is known yet. */
  record(subject: string): Promise<TrackRecord>
  find(id: string): Promise<Finding | undefined>
  /** All or nothing; `stale` when a record or a finding is no longer what the change was made from. */
  write(change: FindingChange): Promise<'written' | 'stale'>
  /** Newest first, a page at a time. `after` is the id of the last finding of the page before. */
  list(query: FindingQuery): Promise<{ readonly findings: readonly Finding[]; readonly next?: string | undefined }>
}

export interface FindingQuery {
  readonly state: 'open' | 'closed'
  readonly limit: number
  readonly after?: string | undefined
  /** Closed ones from the month of this instant on; without it those of the last two years, or a little more. */
  readonly since?: Date | undefined
}
