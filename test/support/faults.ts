/** When a call fails: `before` nothing was done; `after` it was done and only the acknowledgement got lost. */
export type Moment = 'before' | 'after'

export class InjectedError extends Error {
  override readonly name = 'InjectedError'
}

interface Fault {
  readonly hits: (call: string, index: number) => boolean
  readonly moment: Moment
  left: number
}

/** One ledger of calls behind all fakes of a world, which can be told to fail any of them. Every call gives way to others first. */
export class Faults {
  readonly calls: string[] = []
  #faults: Fault[] = []

  async around<T>(call: string, apply: () => T): Promise<T> {
    await new Promise(resolve => setImmediate(resolve))
    const index = this.calls.push(call) - 1
    const fault = this.#faults.find(({ hits, left }) => left > 0 && hits(call, index))
    if (fault) fault.left -= 1
    if (fault?.moment === 'before') throw new InjectedError(`${call} (call ${index}) failed`)
    const result = apply()
    if (fault) throw new InjectedError(`the answer of ${call} (call ${index}) got lost`)
    return result
  }

  /** Fails the call of this index, counted from the last `reset`. */
  failAt(index: number, moment: Moment): void {
    this.#faults.push({ hits: (_, at) => at === index, moment, left: 1 })
  }

  /** Fails every call from this index on that fits, until `heal`. */
  failFrom(index: number, fits: (call: string) => boolean): void {
    this.#faults.push({ hits: (call, at) => at >= index && fits(call), moment: 'before', left: Infinity })
  }

  /** Fails the next `times` calls of this name. */
  failNext(name: string, times = 1, moment: Moment = 'before'): void {
    this.#faults.push({ hits: call => call === name, moment, left: times })
  }

  heal(): void {
    this.#faults = []
  }

  reset(): void {
    this.heal()
    this.calls.length = 0
  }
}
