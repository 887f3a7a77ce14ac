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
    if (!('refreshRetryTokenForRetry' in strategy)) throw new Error('the SDK retries in a way that is not known here')
    const refresh = strategy.refreshRetryTokenForRetry.bind(strategy)
    // The SDK's own judgement and its own quota; only the pause is shorter.
    strategy.refreshRetryTokenForRetry = async (token, error) => {
      const refreshed = await refresh(token, error)
      const delay = refreshed.getRetryDelay()
      meter().retries += 1
      meter().waitedMs += delay
      return Object.assign(refreshed, { getRetryDelay: () => delay / HURRY })
    }
  }
  return hands
}
