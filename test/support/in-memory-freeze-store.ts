import type { Freeze, FreezeStore } from '../../lambdas/application/ports/freeze-store.ts'
import { Faults } from './faults.ts'

export class InMemoryFreezeStore implements FreezeStore {
  #current: Freeze | undefined
  readonly #faults: Faults

  constructor(faults = new Faults()) {
    this.#faults = faults
  }

  current(): Promise<Freeze | undefined> {
    return this.#faults.around('freezes.current', () => this.#current)
  }

  freeze(freeze: Freeze): Promise<Freeze> {
    return this.#faults.around('freezes.freeze', () => {
      this.#current ??= freeze
      return this.#current
    })
  }

  lift(): Promise<void> {
    return this.#faults.around('freezes.lift', () => {
      this.#current = undefined
    })
  }
}
