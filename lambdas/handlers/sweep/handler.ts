import type { Logger } from '@aws-lambda-powertools/logger'
import { type SweepDeps, sweep } from '../../application/sweep.ts'

/** The sweep, every five minutes. Every deed is a line of the log; what failed is an error there and a number in the metrics. */
export function createHandler(deps: SweepDeps, logger: Pick<Logger, 'error' | 'warn'>) {
  return async () => {
    const deeds = await sweep(deps)
    for (const { what, of, why, error } of deeds) {
      if (what === 'failed') logger.error('the sweep could not finish', { of, why, cause: error })
      else logger.warn('the sweep closed something', { what, of, why })
    }
    return { deeds: deeds.length, failed: deeds.filter(({ what }) => what === 'failed').length }
  }
}
