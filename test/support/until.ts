import { setTimeout as sleep } from 'node:timers/promises'

/** Waits until `look` gives something, asking four times a second, and says after `seconds` what it waited for. */
export async function until<Found>(
  what: string,
  seconds: number,
  look: () => Promise<Found | undefined>,
): Promise<Found> {
  const deadline = Date.now() + seconds * 1000
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (Date.now() > deadline) throw new Error(`${what}: not within ${seconds} s`)
    await sleep(250)
  }
}
