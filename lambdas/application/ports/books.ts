import type { Activity } from '../../domain/activity/activity.ts'
import type { Span } from '../../domain/activity/books.ts'
import type { Call } from '../../domain/activity/call.ts'
import type { Principal } from '../../domain/request.ts'

/** Keeps what was done with each grant. */
export interface Books {
  /** Ids of the requests whose books are open, oldest first. One that was closed a moment ago may still be among them. */
  open(): AsyncIterable<string>
  find(requestId: string): Promise<Activity | undefined>
  /** Keeps what was read, unless something final is kept already. Gives what is kept now. */
  keep(activity: Activity): Promise<Activity>
}

/** What a principal did, as AWS recorded it. */
export interface Trail {
  /** @param mostPages of fifty events, in each region. */
  callsOf(principal: Principal, span: Span, mostPages: number): Promise<Calls>
}

export interface Calls {
  readonly calls: readonly Call[]
  readonly regions: readonly string[]
  /** Of the event history. */
  readonly pages: number
  /** Of a trail, where one is looked at. */
  readonly files?: number | undefined
  /** There was more; the oldest calls are missing. */
  readonly isCut: boolean
  readonly unreadable: number
}
