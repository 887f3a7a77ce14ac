import type { LedgerEvent } from '../../domain/ledger.ts'
import type { Beginning, Transition } from '../../domain/lifecycle.ts'
import type { OpenDebt } from '../../domain/past.ts'
import type { Request, Status } from '../../domain/request.ts'
import type { Uses } from '../../domain/uses.ts'

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

/** What is written in the same transaction as a new request. */
export interface Along {
  /** What the requester has had, with this request; the version is the one that was read. */
  readonly uses?: Uses | undefined
  /** A step of another request. */
  readonly step?: Transition | undefined
}

/** A key that was used before: nothing was written. */
export type Recalled =
  | { readonly outcome: 'repeated'; readonly requestId: string }
  /** It was used for another body. */
  | { readonly outcome: 'mismatch'; readonly requestId: string }

export type Creation =
  | { readonly outcome: 'created' }
  | Recalled
  /** What is written along is no longer what it was when it was read: nothing was written. */
  | { readonly outcome: 'stale' }

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
  create(beginning: Beginning, idempotency?: Idempotency, along?: Along): Promise<Creation>
  /** What a key was used for, if it was. */
  recall(idempotency: Idempotency): Promise<Recalled | undefined>
  /**
   * Writes a step if the stored request still is `from`, and marks the link as used in the same transaction. A step that opens or
   * closes the debt of a review does so for its requester in that transaction too, and is lost if they already owe one, or none.
   * `lost`: something else happened first, nothing was written by this call. If only this call's own acknowledgement got lost, it `won`.
   */
  commit(transition: Transition, usedLink?: string): Promise<'won' | 'lost'>
  find(requestId: string): Promise<Request | undefined>
  history(requestId: string): Promise<History | undefined>
  /** @throws InvalidCursorError when the cursor was not given by a page of this store. */
  list(query: RequestQuery): Promise<RequestPage>
  /** What a person has had of late, as it was written last. */
  usesOf(person: string): Promise<Uses>
  /** The review a person owes now. */
  openDebtOf(person: string): Promise<OpenDebt | undefined>
}

/** The ids of every request that can still change. A request that was over a moment ago may still be among them. */
export interface OpenRequests {
  openRequests(): AsyncIterable<string>
}

/** The reviews that are owed now, by whomever: who owes one may have left the access file. */
export interface OpenDebts {
  openDebts(): AsyncIterable<OpenDebt>
}

export class InvalidCursorError extends Error {
  override readonly name = 'InvalidCursorError'
}
