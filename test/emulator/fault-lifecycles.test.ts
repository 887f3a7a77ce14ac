import { describe, expect, it } from '@jest/globals'
import { FAULTS, STRANGE } from '../support/fault-proxy.ts'
import type { FaultReport } from '../support/fault-report.ts'
import { faultRunApart } from '../support/fault-run-apart.ts'

/** `LAPSE_FAULT_SEED=7 LAPSE_FAULT_LIVES=10000 npm run test:emulator -- --testPathPatterns fault-lifecycles` */
const SEED = Number(process.env.LAPSE_FAULT_SEED ?? 1)
const LIVES = Number(process.env.LAPSE_FAULT_LIVES ?? 1000)
const THROTTLED_LIVES = 60
/** A life takes 42 ms on two idle cores, 320 ms where they were shared with seven others. */
const MOST_MS_A_LIFE = 600
/** A short run needs as many to meet grants in their midst. */
const FREEZE_EVERY = Math.min(100, Math.ceil(LIVES / 10))

function said(name: string, { proxied, seconds, leftToTheSweep, lives, killed, verdict }: FaultReport): void {
  const ran = { name, seed: SEED, lives, killed, ...proxied, leftToTheSweep, seconds }
  process.stderr.write(`${JSON.stringify({ ...ran, statuses: verdict.statuses, causes: verdict.causes })}\n`)
}

const STATUSES_MET = ['CANCELLED', 'DENIED', 'ENDED', 'FAILED', 'REFUSED', 'UNANSWERED']

const NOTHING_LEFT = {
  findings: [],
  attached: 0,
  policiesLeft: 0,
  brokenChains: 0,
  open: 0,
  eventsLost: 0,
  eventsDoubled: 0,
  illegal: 0,
  unproven: 0,
  misled: 0,
}

describe('with AWS failing at any call', () => {
  it(
    `END-03 FI-1: ${LIVES} lives amid freezes, with 10 % of all requests failing, writes late, ignored or forgotten, and 5 % of the drivers dying, leave nothing, lose and double no event, and tell nobody what is not so`,
    async () => {
      const run = await faultRunApart({
        lifecycles: LIVES,
        seed: SEED,
        share: 0.1,
        dying: 0.05,
        freezeEvery: FREEZE_EVERY,
      })
      said('FI-1', run)

      const { verdict, proxied, sweeps, lives, killed, freezes } = run
      expect(verdict).toMatchObject(NOTHING_LEFT)
      expect(sweeps[0]?.filter(({ what }) => what === 'failed')).toEqual([])
      expect(sweeps[0]?.length).toBeGreaterThan(0)
      expect(sweeps[1]).toEqual([])
      expect(Object.keys(verdict.causes)).not.toContain('external')
      // The run must have met what it is about.
      expect(lives).toBe(LIVES)
      expect(proxied.faults / proxied.requests).toBeGreaterThan(0.08)
      expect(Object.keys(proxied.byKind).sort()).toEqual([...FAULTS, ...STRANGE].sort())
      expect(Object.keys(verdict.statuses).sort()).toEqual(STATUSES_MET)
      expect(Object.keys(verdict.causes).sort()).toEqual(['expired', 'frozen', 'returned', 'revoked'])
      expect(killed).toBeGreaterThan(LIVES / 100)
      expect(freezes).toHaveLength(Math.floor(LIVES / 2 / FREEZE_EVERY))
      expect(freezes.flatMap(({ stillOpen }) => stillOpen)).toEqual([])
      expect(freezes.flatMap(({ ended }) => ended).length).toBeGreaterThan(0)
      expect(freezes.map(({ askedMeanwhile }) => askedMeanwhile)).toEqual(freezes.map(() => 'refused'))
    },
    60_000 + LIVES * MOST_MS_A_LIFE,
  )

  it(
    `END-03 FI-5: ${THROTTLED_LIVES} lives with 30 % of all requests throttled lose nothing and are removed in time`,
    async () => {
      const run = await faultRunApart({
        lifecycles: THROTTLED_LIVES,
        seed: SEED,
        share: 0.3,
        kinds: ['throttle'],
        dying: 0,
        fates: ['expires'],
      })
      said('FI-5', run)

      const { verdict, removals, sweeps } = run
      const seconds = spread(removals.map(({ waitedSeconds }) => waitedSeconds))
      const attempts = spread(removals.map(each => each.attempts))
      const requests = spread(removals.map(each => each.requests))
      process.stderr.write(`${JSON.stringify({ name: 'FI-5 removals', seconds, attempts, requests })}\n`)
      expect(verdict).toMatchObject(NOTHING_LEFT)
      expect(sweeps[1]).toEqual([])
      expect(removals.length).toBeGreaterThan(THROTTLED_LIVES * 0.9)
      // Every wait of the state machine at its longest, before jitter.
      expect(seconds.p95).toBeLessThanOrEqual(120)
      expect(seconds.p99).toBeLessThanOrEqual(300)
      expect(attempts.p95).toBeLessThanOrEqual(5)
    },
    60_000 + THROTTLED_LIVES * MOST_MS_A_LIFE,
  )
})

function spread(values: readonly number[]) {
  const sorted = [...values].sort((one, other) => one - other)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), most: sorted.at(-1) ?? 0 }
}
