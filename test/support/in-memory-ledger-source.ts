import type { LedgerSource } from '../../lambdas/application/ports/ledger-source.ts'
import { isWithin, type Period } from '../../lambdas/domain/period.ts'
import type { History } from '../../lambdas/domain/review/lens.ts'

export class InMemoryLedgerSource implements LedgerSource {
  readonly #histories: readonly History[]

  constructor(histories: readonly History[]) {
    this.#histories = histories
  }

  async *histories(period: Period): AsyncGenerator<History> {
    for (const history of this.#histories) if (isWithin(period, history.request.askedAt)) yield history
  }
}
