import type { Logger } from '@aws-lambda-powertools/logger'
import type { Metrics } from '../../application/ports/metrics.ts'
import { type Difference, type RebuildDeps, rebuildArchive } from '../../application/rebuild-archive.ts'
import { $Rebuild } from '../../contract/rebuild.ts'
import { monthBefore, monthOf, monthsBetween } from '../../domain/period.ts'

export interface RebuildArchiveDeps extends RebuildDeps {
  readonly metrics: Metrics
}

/**
 * Compares the archive with the table and stages what it lacks: of the months an operator names, or, when the calendar calls, of the
 * requests asked in this month and the one before. Events that are gone from the table break the chains they were of.
 */
export function createHandler(deps: RebuildArchiveDeps, logger: Pick<Logger, 'error' | 'warn'>) {
  return async (event: unknown): Promise<Difference> => {
    const { from, to } = $Rebuild.parse(event)
    const thisMonth = monthOf(deps.clock.now())
    const difference = await rebuildArchive(deps, monthsBetween(from ?? monthBefore(thisMonth), to ?? thisMonth))
    const { missing, foreign } = difference
    const lacked = missing.events + missing.requests
    if (lacked > 0) {
      logger.warn('the archive lacked what the table has', { missing })
      await deps.metrics.count({ ArchiveLacked: lacked })
    }
    if (foreign.length > 0) {
      logger.error('the archive has what the table has not', { foreign })
      await deps.metrics.count({ ChainsBroken: new Set(foreign.map(({ requestId }) => requestId)).size })
    }
    return difference
  }
}
