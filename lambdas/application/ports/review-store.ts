import type { Edition } from '../../domain/review/manifest.ts'
import type { Pack, ReviewRecord } from '../../domain/review/review-record.ts'

export interface ReviewStore {
  /** Takes the next version of the period: of productions opened at once, each gets another. */
  open(opening: {
    readonly period: string
    readonly requestedBy: string
    readonly requestedAt: Date
  }): Promise<ReviewRecord>
  /** The pack of this version is whole. A newer production that has begun keeps its status; an older pack never replaces a newer one. */
  ready(period: string, pack: Pack): Promise<void>
  /** This production broke. Changes nothing when a newer one has begun. */
  failed(edition: Edition, why: string): Promise<void>
  find(period: string): Promise<ReviewRecord | undefined>
  /** Newest period first. */
  list(): Promise<readonly ReviewRecord[]>
}

/** Sets a production going and does not wait for it. */
export interface ReviewStarter {
  start(edition: Edition): Promise<void>
}
