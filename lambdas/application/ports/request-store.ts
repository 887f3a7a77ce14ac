import type { LedgerEvent } from '../../domain/ledger.ts'
import type { Beginning, Transition } from '../../domain/lifecycle.ts'
import type { Request, Status } from '../../domain/request.ts'

/** A request with all its events, oldest first. */
export interface History {
  readonly request: Request
  readonly events: readonly LedgerEvent[]
}

/** What makes a repeated call the same call. */
export interface Idempotency {
  /** Person id; keys of different people never meet. */
  readonly requester: string
  readonly key: string
  /** Hash of what was asked. */
  readonly bodyHash: string
}

export type Creation =
  | { readonly outcome: 'created' }
  /** The key was used for the same body: nothing was written. */
  | { readonly outcome: 'repeated'; readonly requestId: string }
  /** The key was used for another body: nothing was written. */
  | { readonly outcome: 'mismatch'; readonly requestId: string }

export interface RequestPage {
  /** Newest first. */
  readonly requests: readonly Request[]
  readonly cursor?: string | undefined
}

export interface RequestQuery {
  /** Person id; without one everybody's. */
  readonly requester?: string | undefined
  readonly status?: Status | undefined
  readonly entitlement?: string | undefined
  /** 1 to 100. */
  readonly limit: number
  readonly cursor?: string | undefined
}

/** Keeps requests and their ledger. State and event are always written in one transaction. */
export interface RequestStore {
  create(beginning: Beginning, idempotency?: Idempotency): Promise<Creation>
  /**
   * Writes a step if the stored request still is `from`, and marks the link as used in the same transaction.
   * `lost`: something else happened first, nothing was written by this call. If only this call's own acknowledgement got lost, it `won`.
   */
  commit(transition: Transition, usedLink?: string): Promise<'won' | 'lost'>
  find(requestId: string): Promise<Request | undefined>
  history(requestId: string): Promise<History | undefined>
  /** @throws InvalidCursorError when the cursor was not given by a page of this store. */
  list(query: RequestQuery): Promise<RequestPage>
}

/** The ids of every request that can still change. A request that was over a moment ago may still be among them. */
export interface OpenRequests {
  openRequests(): AsyncIterable<string>
}

export class InvalidCursorError extends Error {
  override readonly name = 'InvalidCursorError'
}
