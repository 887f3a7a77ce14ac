import { z } from 'zod'
import type { FaultRun } from './fault-run.ts'

const $counts = z.record(z.string(), z.number())

/** A run as one process tells another of it. */
export const $FaultReport = z.object({
  lives: z.number(),
  killed: z.number(),
  removals: z.array(z.object({ attempts: z.number(), requests: z.number(), waitedSeconds: z.number() })),
  freezes: z.array(
    z.object({ ended: z.array(z.string()), stillOpen: z.array(z.string()), askedMeanwhile: z.string() }),
  ),
  verdict: z.object({
    requests: z.number(),
    attached: z.number(),
    policiesLeft: z.number(),
    brokenChains: z.number(),
    open: z.number(),
    eventsLost: z.number(),
    eventsDoubled: z.number(),
    illegal: z.number(),
    unproven: z.number(),
    misled: z.number(),
    statuses: $counts,
    causes: $counts,
    findings: z.array(z.string()),
  }),
  proxied: z.object({ requests: z.number(), faults: z.number(), byKind: $counts }),
  leftToTheSweep: z.number(),
  /** What each sweep did. */
  sweeps: z.array(z.array(z.object({ what: z.string(), of: z.string(), why: z.string() }))),
  seconds: z.object({ lives: z.number(), sweeps: z.number() }),
})
export type FaultReport = z.infer<typeof $FaultReport>

export function reportOf(run: FaultRun): FaultReport {
  const { lives, freezes, verdict, proxied, leftToTheSweep, sweeps, seconds } = run
  return $FaultReport.parse({
    lives: lives.length,
    killed: lives.filter(({ wasKilled }) => wasKilled).length,
    removals: lives.flatMap(({ removal }) => removal ?? []),
    freezes,
    verdict,
    proxied,
    leftToTheSweep,
    sweeps,
    seconds,
  })
}
