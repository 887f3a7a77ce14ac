import { AsyncLocalStorage } from 'node:async_hooks'
import type { Faults } from './faults.ts'

type Work = () => Promise<unknown>
type Thread = 'a' | 'b'

/** How many calls of `a`, then of `b`, then of `a` are let through before `b` runs to its end, and then `a`. */
export type Schedule = readonly [number, number, number]

interface Waiting {
  readonly thread: Thread
  readonly go: () => void
}

const settled = () => new Promise(resolve => setImmediate(resolve))

/**
 * Runs two pieces of work call by call in exactly the order of a schedule. Every call a fake is asked for waits until its piece of
 * work has the turn, so what one does between any two calls of the other is the same in every run.
 */
export async function interleave(faults: Faults, { a, b }: Record<Thread, Work>, [first, second, third]: Schedule) {
  const current = new AsyncLocalStorage<Thread>()
  const waiting: Waiting[] = []
  const around = faults.around.bind(faults)
  faults.around = async (name, apply) => {
    const thread = current.getStore()
    if (thread) await new Promise<void>(go => waiting.push({ thread, go }))
    return around(name, apply)
  }

  const outcomes = Promise.allSettled([current.run('a', a), current.run('b', b)])
  /** Lets calls of one thread through, at most so many; gives how many there were. */
  async function turn(thread: Thread, calls: number): Promise<number> {
    for (let done = 0; done < calls; done += 1) {
      await settled()
      const index = waiting.findIndex(call => call.thread === thread)
      const [call] = index === -1 ? [] : waiting.splice(index, 1)
      if (!call) return done
      call.go()
      // The call itself gives way once before it is applied.
      await settled()
      await settled()
    }
    return calls
  }

  await turn('a', first)
  await turn('b', second)
  await turn('a', third)
  await turn('b', Number.POSITIVE_INFINITY)
  await turn('a', Number.POSITIVE_INFINITY)
  const [ofA, ofB] = await outcomes
  faults.around = around
  return { a: ofA, b: ofB }
}

/** Every schedule of two pieces of work of so many calls, with at most four turns. */
export function schedulesOf(callsOfA: number, callsOfB: number): readonly Schedule[] {
  const schedules: Schedule[] = []
  for (let first = 0; first <= callsOfA; first += 1) {
    for (let second = 1; second <= callsOfB; second += 1) {
      for (let third = 1; third <= Math.max(1, callsOfA - first); third += 1) schedules.push([first, second, third])
    }
  }
  return schedules
}
