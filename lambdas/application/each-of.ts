/** Looked at together. IAM throttles an account's calls, so more at once is not faster. */
const AT_ONCE = 8

export async function eachOf(items: AsyncIterable<string>, work: (item: string) => Promise<void>): Promise<void> {
  const running = new Set<Promise<void>>()
  try {
    for await (const item of items) {
      const run: Promise<void> = work(item).finally(() => running.delete(run))
      running.add(run)
      if (running.size >= AT_ONCE) await Promise.race(running)
    }
  } finally {
    await Promise.allSettled(running)
  }
}
