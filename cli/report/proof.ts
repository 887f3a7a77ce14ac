import { readEvent } from '../../lambdas/contract/rows.ts'
import { digest, type Json } from '../../lambdas/domain/digest.ts'
import { StoredShapeError } from '../../lambdas/domain/errors.ts'
import { type LedgerEvent, verifyChain } from '../../lambdas/domain/ledger.ts'
import { BrokenWorldError } from '../errors.ts'
import { membersTold } from './members-told.ts'
import type { ReportedRequest } from './reported-request.ts'

/** What the events of a request prove of its report. */
export interface Proof {
  readonly events: number
  /** Hash of the last event: the archive has the same. */
  readonly head: string
  /** Whether the ledger has the hash of what was done. */
  readonly done: 'proven' | 'provisional' | 'none'
  /** Sentences; the report is proven when there are none. */
  readonly flaws: readonly string[]
}

/**
 * From the answer alone: whether its events prove each other, and the rest of it.
 * @param done what was done, as it came.
 * @throws BrokenWorldError when the events are of a version of Lapse that this command line does not know.
 */
export function proofOf(request: ReportedRequest, done: Json | undefined): Proof {
  const events = request.events.map(event => eventOf(request.requestId, event))
  const isFinal = request.activity?.state === 'final'
  return {
    events: events.length,
    head: events.at(-1)?.hash ?? '',
    done: isFinal ? 'proven' : request.activity ? 'provisional' : 'none',
    flaws: [...chainFlaws(request, events), ...memberFlaws(request, events), ...doneFlaws(events, done, isFinal)],
  }
}

function chainFlaws({ requestId, lastEvent }: ReportedRequest, events: readonly LedgerEvent[]): readonly string[] {
  const verdict = verifyChain(requestId, events)
  if (verdict.outcome === 'broken') return [verdict.detail]
  const { sequence, hash } = verdict.head
  if (sequence === lastEvent.sequence && hash === lastEvent.hash) return []
  return [`the request keeps event ${lastEvent.sequence} as its last, and here the last is ${sequence}`]
}

/** What the request says of itself, held against what its events say. */
function memberFlaws(request: ReportedRequest, events: readonly LedgerEvent[]): readonly string[] {
  return Object.entries(membersTold(request, events)).flatMap(([name, [here, told]]) =>
    digest([here ?? null]) === digest([told ?? null]) ? [] : [`the ledger says otherwise of its ${name}`],
  )
}

function doneFlaws(events: readonly LedgerEvent[], done: Json | undefined, isFinal: boolean): readonly string[] {
  const closed = events.findLast(({ type }) => type === 'books-closed')?.details.activityHash
  if (closed === undefined) return isFinal ? ['what was done says it is final, and the ledger has no hash of it'] : []
  return done !== undefined && digest(done) === closed ? [] : ['what was done is not what the ledger has the hash of']
}

function eventOf(requestId: string, event: ReportedRequest['events'][number]): LedgerEvent {
  try {
    return readEvent({ requestId, ...event })
  } catch (cause) {
    if (!(cause instanceof StoredShapeError)) throw cause
    throw new BrokenWorldError(`event ${event.sequence} is of a form this command line does not know`, { cause })
  }
}
