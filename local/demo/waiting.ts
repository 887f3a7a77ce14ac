import { setTimeout as sleep } from 'node:timers/promises'

const PAUSE_MS = 200

/**
 * Asks again and again until there is an answer.
 *
 * @param what it waits for, in words that fit behind "no".
 */
export async function eventually<Answer>(
  what: string,
  limitSeconds: number,
  ask: () => Promise<Answer | undefined>,
): Promise<Answer> {
  const deadline = Date.now() + limitSeconds * 1000
  do {
    const answer = await ask()
    if (answer !== undefined) return answer
    await sleep(PAUSE_MS)
  } while (Date.now() < deadline)
  throw new Error(`no ${what} within ${limitSeconds} seconds`)
}

/** Resolves at the instant, or at once when it is over. */
export async function until(instant: Date): Promise<void> {
  await sleep(Math.max(0, instant.getTime() - Date.now()))
}
