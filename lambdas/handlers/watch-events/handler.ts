import type { Logger } from '@aws-lambda-powertools/logger'
import type { Metrics } from '../../application/ports/metrics.ts'
import { type WatchDeps, watchEvent } from '../../application/watch-event.ts'
import { type LedgerChange, ledgerChange } from '../../contract/ledger-change.ts'
import { changesOf } from '../../contract/stream-record.ts'

export interface WatchEventsDeps extends WatchDeps {
  readonly metrics: Metrics
}

/**
 * What becomes of requests and their events, as the stream of the table gives it. What something other than Lapse changed or deleted is
 * counted before anything is shown, because it may be why something cannot be. The first event that could not be shown ends the run and
 * is named to Lambda, which comes back with it and all after it. A new row that nobody can read is counted and passed over: it would be
 * no better the next time, and the stream waits behind it.
 */
export function createHandler(deps: WatchEventsDeps, logger: Pick<Logger, 'error'>) {
  return async (batch: unknown) => {
    const changes = changesOf(batch).map(each => ({ ...ledgerChange(each), sequenceNumber: each.sequenceNumber }))
    await countRewritten(deps, changes, logger)
    for (const change of changes) {
      try {
        await show(deps, change, logger)
      } catch (cause) {
        const { sequenceNumber } = change
        logger.error('an event could not be shown', { sequenceNumber, cause })
        return { batchItemFailures: [{ itemIdentifier: sequenceNumber }] }
      }
    }
    return { batchItemFailures: [] }
  }
}

async function countRewritten(
  { metrics }: Pick<WatchEventsDeps, 'metrics'>,
  changes: readonly LedgerChange[],
  logger: Pick<Logger, 'error'>,
): Promise<void> {
  const rewritten = changes.filter(change => change.outcome === 'rewritten')
  for (const { row, was, requestId, sequence } of rewritten) {
    logger.error('a row of the ledger was rewritten', { row, was, requestId, sequence })
  }
  if (rewritten.length > 0) await metrics.count({ ChainsBroken: rewritten.length })
}

async function show(deps: WatchEventsDeps, change: LedgerChange, logger: Pick<Logger, 'error'>): Promise<void> {
  if (change.outcome === 'event') await watchEvent(deps, change.event)
  if (change.outcome === 'unreadable') {
    logger.error('a new row is no event', { error: change.error })
    await deps.metrics.count({ EventsUnreadable: 1 })
  }
}
