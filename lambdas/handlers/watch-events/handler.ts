import type { Logger } from '@aws-lambda-powertools/logger'
import type { Metrics } from '../../application/ports/metrics.ts'
import { type WatchDeps, watchEvent } from '../../application/watch-event.ts'
import { readEvent } from '../../contract/rows.ts'
import { type NewRow, newRowsOf } from '../../contract/stream-record.ts'
import { StoredShapeError } from '../../domain/errors.ts'
import type { LedgerEvent } from '../../domain/ledger.ts'

export interface WatchEventsDeps extends WatchDeps {
  readonly metrics: Metrics
}

/**
 * New events, as the stream of the table gives them. The first one that could not be shown ends the run and is named to Lambda, which
 * comes back with it and all after it. A row that nobody can read is counted and passed over: it would be no better the next time, and
 * the stream waits behind it.
 */
export function createHandler(deps: WatchEventsDeps, logger: Pick<Logger, 'error'>) {
  return async (batch: unknown) => {
    for (const { sequenceNumber, row } of newRowsOf(batch)) {
      try {
        const event = eventIn(row, logger)
        if (event) await watchEvent(deps, event)
        else await deps.metrics.count({ EventsUnreadable: 1 })
      } catch (cause) {
        logger.error('an event could not be shown', { sequenceNumber, cause })
        return { batchItemFailures: [{ itemIdentifier: sequenceNumber }] }
      }
    }
    return { batchItemFailures: [] }
  }
}

function eventIn(row: NewRow['row'], logger: Pick<Logger, 'error'>): LedgerEvent | undefined {
  try {
    return readEvent(row)
  } catch (error) {
    if (!(error instanceof StoredShapeError)) throw error
    logger.error('a new row is no event', { error })
    return undefined
  }
}
