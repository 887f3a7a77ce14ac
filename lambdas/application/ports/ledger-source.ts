import type { Period } from '../../domain/period.ts'
import type { History } from '../../domain/review/lens.ts'

/** Where a review reads from. */
export interface LedgerSource {
  /**
   * The histories of the requests asked in the period (`from` ≤ asked < `to`), each once, in any order, as they stand now.
   *
   * A request belongs to exactly one period, the one it was asked in, whatever became of it later: so the counts of neighbouring
   * periods add up, and nothing is in two packs. A grant that reaches into the next period is in the pack of its asking; its end is
   * there once that pack is produced again.
   */
  histories(period: Period): AsyncIterable<History>
}
