import type { TaskTokenStore } from '../../lambdas/application/ports/workflow.ts'
import { Faults } from './faults.ts'

export class InMemoryTaskTokens implements TaskTokenStore {
  readonly #tokens = new Map<string, string>()
  readonly #faults: Faults

  constructor(faults = new Faults()) {
    this.#faults = faults
  }

  keep(requestId: string, taskToken: string): Promise<void> {
    return this.#faults.around('taskTokens.keep', () => {
      this.#tokens.set(requestId, taskToken)
    })
  }

  find(requestId: string): Promise<string | undefined> {
    return this.#faults.around('taskTokens.find', () => this.#tokens.get(requestId))
  }
}
