import type { Clock } from '../../lambdas/application/ports/chance.ts'
import { ASKED_AT } from './a-request.ts'

/** A clock that stands still until it is moved. It begins between two seconds, as real ones do. */
export class SteppedClock implements Clock {
  #now = new Date(ASKED_AT.getTime() + 250)

  now(): Date {
    return new Date(this.#now)
  }

  step(seconds: number): Date {
    this.#now = new Date(this.#now.getTime() + seconds * 1000)
    return this.now()
  }

  setTo(instant: Date): void {
    this.#now = new Date(instant)
  }
}
