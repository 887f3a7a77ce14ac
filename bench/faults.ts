import { faultRun } from '../test/support/fault-run.ts'

/** The measures one benchmark prints: a table for people, and its last line for programs. */
export interface Measured {
  readonly table: readonly (readonly [string, string | number])[]
  readonly keys: Readonly<Record<string, number>>
}

/** FI-1 in numbers: lives on the real code and the real SDK, a tenth of the requests to AWS failing, one driver of twenty dying. */
export async function faults(args: readonly string[]): Promise<Measured> {
  const lifecycles = Number(args[0] ?? 10_000)
  const seed = Number(args[1] ?? 1)
  const { verdict, lives, freezes, proxied, leftToTheSweep, sweeps, seconds } = await faultRun(
    { lifecycles, seed, share: 0.1, dying: 0.05, freezeEvery: 100 },
    lived => process.stderr.write(`${lived} of ${lifecycles} lives\n`),
  )
  for (const finding of verdict.findings) process.stderr.write(`${finding}\n`)
  const { attached, policiesLeft, eventsLost, eventsDoubled, brokenChains, open, illegal, unproven, misled } = verdict
  return {
    table: [
      ['lifecycles (seed)', `${lives.length} (${seed})`],
      ['requests to AWS', proxied.requests],
      ['of them failed', proxied.faults],
      ...Object.entries(proxied.byKind),
      ['drivers killed', lives.filter(({ wasKilled }) => wasKilled).length],
      ['freezes', freezes.length],
      ['seconds, lives', seconds.lives.toFixed(1)],
      ['seconds, two sweeps', seconds.sweeps.toFixed(1)],
      ['policies left to the sweep', leftToTheSweep],
      ['closed by the sweep', sweeps[0]?.length ?? 0],
      ['closed by a second sweep', sweeps[1]?.length ?? 0],
      ['policies attached after', attached],
      ['policies left after', policiesLeft],
      ['events lost', eventsLost],
      ['events doubled', eventsDoubled],
      ['chains broken', brokenChains],
      ['requests still open', open],
      ['lives in no legal order', illegal],
      ['receipts before the proof', unproven],
      ['people misled', misled],
    ],
    keys: { lifecycles: lives.length, faults: proxied.faults, attached, policiesLeft, eventsLost, eventsDoubled },
  }
}
