import type { DigestSpan, DigestStore } from '../../lambdas/application/ports/digest-store.ts'
import { Faults } from './faults.ts'

export class InMemoryDigestStore implements DigestStore {
  #last: (DigestSpan & { readonly isFinished: boolean }) | undefined
  readonly #faults: Faults

  constructor(faults = new Faults()) {
    this.#faults = faults
  }

  begin(first: Date, until: Date): Promise<DigestSpan | undefined> {
    return this.#faults.around('digests.begin', () => {
      if (this.#last && !this.#last.isFinished) return this.#last
      const from = this.#last?.until ?? first
      if (from >= until) return undefined
      this.#last = { from, until, told: [], isFinished: false }
      return this.#last
    })
  }

  told(span: DigestSpan, person: string): Promise<void> {
    return this.#faults.around('digests.told', () => {
      const last = this.#of(span)
      this.#last = { ...last, told: [...last.told, person] }
    })
  }

  finish(span: DigestSpan): Promise<void> {
    return this.#faults.around('digests.finish', () => {
      this.#last = { ...this.#of(span), isFinished: true }
    })
  }

  #of({ until }: DigestSpan) {
    if (this.#last?.until.getTime() !== until.getTime()) throw new Error('another span has begun')
    return this.#last
  }
}
