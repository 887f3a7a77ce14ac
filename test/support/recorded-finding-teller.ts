import type { FindingTeller } from '../../lambdas/application/ports/finding-teller.ts'
import type { Finding } from '../../lambdas/domain/findings/finding.ts'
import { Faults } from './faults.ts'

export class RecordedFindingTeller implements FindingTeller {
  /** `rule of person`, in the order told. */
  readonly told: string[] = []
  readonly #faults: Faults

  constructor(faults = new Faults()) {
    this.#faults = faults
  }

  tellOpened({ rule }: Finding, person: string | undefined): Promise<void> {
    return this.#faults.around('teller.tellOpened', () => {
      this.told.push(`${rule} of ${person ?? 'nobody'}`)
    })
  }
}
