import type { Hands } from './fault-house.ts'

/** The container died: nothing of this driver is called again. */
export class KilledError extends Error {
  override readonly name = 'KilledError'
}

/** How the SDK's waits between two tries are shortened here. What they would have been is counted. */
const HURRY = 50

/** Counts what one driver asks of AWS, and kills the driver at the call it is told. */
export class CallMeter {
  calls = 0
  retries = 0
  /** What the SDK would have waited between its tries, and the state machine between its own. */
  waitedMs = 0
  /** Dies at this call; before it is sent, or after it was answered. */
  dies: { readonly at: number; readonly moment: 'before' | 'after' } | undefined

  async around<Answer>(send: () => Promise<Answer>): Promise<Answer> {
    this.calls += 1
    const { dies, calls } = this
    if (dies && (calls > dies.at || (calls === dies.at && dies.moment === 'before'))) throw new KilledError()
    const answer = await send()
    if (dies && this.calls >= dies.at) throw new KilledError()
    return answer
  }
}

/** Puts a meter, which may be changed for another, around every call of these clients, and hurries their retries. */
export async function metered(hands: Hands, meter: () => CallMeter): Promise<Hands> {
  const name = 'meter'
  hands.iam.middlewareStack.add(next => args => meter().around(() => next(args)), { step: 'initialize', name })
  hands.dynamo.middlewareStack.add(next => args => meter().around(() => next(args)), { step: 'initialize', name })
  for (const client of [hands.iam, hands.dynamo]) {
    const strategy = await client.config.retryStrategy()
    if (!('retryBackoffStrategy' in strategy))
      throw new Error('the SDK waits between its tries in a way not known here')
    // The SDK's own judgement and its own quota of retries; only the pause is shorter.
    Object.assign(strategy, { retryBackoffStrategy: new HurriedBackoff(meter) })
  }
  return hands
}

/** What the SDK waits: a random part of the base, doubled with each try, twenty seconds at most. */
class HurriedBackoff {
  readonly #meter: () => CallMeter
  #baseMs = 0

  constructor(meter: () => CallMeter) {
    this.#meter = meter
  }

  setDelayBase(ms: number): void {
    this.#baseMs = ms
  }

  computeNextBackoffDelay(tries: number): number {
    const ms = Math.random() * Math.min(this.#baseMs * 2 ** tries, 20_000)
    const meter = this.#meter()
    meter.retries += 1
    meter.waitedMs += ms
    return ms / HURRY
  }
}
