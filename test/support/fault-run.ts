import { type Deed, sweep } from '../../lambdas/application/sweep.ts'
import type { AccessFile } from '../../lambdas/domain/access-file.ts'
import { CallMeter, metered } from './call-meter.ts'
import { type FreezeDeeds, freezeOnce } from './fault-freeze.ts'
import { adaptersOn, type FaultHouse, type Hands, handsAt, requestersOf, startFaultHouse } from './fault-house.ts'
import { type Deeds, FaultLife, type Plan } from './fault-life.ts'
import { FaultProxy } from './fault-proxy.ts'
import type { FaultRunOptions } from './fault-run-options.ts'
import { policiesUnderThePath, type Verdict, verdictOf } from './fault-verdict.ts'
import { FaultWitness } from './fault-witness.ts'
import { GivenIds } from './given-ids.ts'
import { SeededChance } from './seeded-chance.ts'

export interface FaultRun {
  readonly verdict: Verdict
  readonly lives: readonly Deeds[]
  readonly freezes: readonly FreezeDeeds[]
  readonly proxied: {
    readonly requests: number
    readonly faults: number
    readonly byKind: Readonly<Record<string, number>>
  }
  readonly leftToTheSweep: number
  readonly sweeps: readonly (readonly Deed[])[]
  readonly seconds: { readonly lives: number; readonly sweeps: number }
}

/** Containers at work at once. */
const CONTAINERS = 8
/** A person has this many lives, so that those that are stuck do not fill the ten attachments of an IAM user. */
const LIVES_OF_A_PERSON = 5
const BEGINS = new Date('2027-03-01T10:00:00.250Z')
/** Every window and every time to answer is over. */
export const LONG_AFTER = new Date('2027-03-03T10:00:00.250Z')
/** As often as people do it. */
const USUAL_FATES: readonly [Plan['fate'], ...Plan['fate'][]] = [
  'expires',
  'expires',
  'expires',
  'denied',
  'cancelled',
  'unanswered',
  'returned',
  'revoked',
]
const PROGRESS_EVERY = 100
/** A clean life is about forty calls. */
const MOST_CALLS = 40

/**
 * Lives on the real use cases and adapters with AWS failing, then two sweeps with AWS well, then the verdict.
 * @param onProgress told after every hundred lives.
 */
export async function faultRun(
  options: FaultRunOptions,
  onProgress: (lived: number) => void = () => {},
): Promise<FaultRun> {
  const { lifecycles, seed, share, kinds } = options
  const house = await startFaultHouse(Math.max(8, Math.ceil(lifecycles / LIVES_OF_A_PERSON)))
  const witness = new FaultWitness()
  const proxy = await FaultProxy.start({
    targetPort: house.emulator.port,
    seed,
    share,
    ...(kinds && { kinds }),
    onApplied: call => witness.applied(call),
    onAnswered: (call, status) => witness.answered(call, status),
  })
  try {
    const began = performance.now()
    const { lives, freezes } = await everyLife(house, proxy, options, onProgress)
    const lived = performance.now()
    await proxy.settle()
    const leftToTheSweep = (await policiesUnderThePath(house.direct)).length
    proxy.share = 0
    const hands = handsAt(proxy.endpoint)
    const sweeps = [await sweepOnce(house.access, hands), await sweepOnce(house.access, hands)]
    const swept = performance.now()
    const { requests, faults, byKind } = proxy.counts
    return {
      verdict: await verdictOf(house, lives, witness.created, witness.unproven),
      lives,
      freezes,
      proxied: { requests, faults, byKind: Object.fromEntries(byKind) },
      leftToTheSweep,
      sweeps,
      seconds: { lives: (lived - began) / 1000, sweeps: (swept - lived) / 1000 },
    }
  } finally {
    await proxy.stop()
    await house.emulator.stop()
  }
}

async function everyLife(
  house: FaultHouse,
  proxy: FaultProxy,
  options: FaultRunOptions,
  onProgress: (lived: number) => void,
): Promise<Pick<FaultRun, 'lives' | 'freezes'>> {
  const { access, principals } = house
  const requesters = requestersOf(access)
  const ids = new GivenIds()
  const lives: Deeds[] = []
  const freezes: FreezeDeeds[] = []
  let next = 0
  /** Lives that have begun meet a freeze in their midst; of those that begin in it nothing but a refusal would be learnt. */
  let freezing: Promise<unknown> | undefined
  const container = async () => {
    let meter = new CallMeter()
    const adapters = adaptersOn(await metered(handsAt(proxy.endpoint), () => meter))
    for (;;) {
      await freezing
      if (next >= options.lifecycles) return
      const number = next
      next += 1
      const chance = new SeededChance(options.seed * 1_000_003 + number)
      meter = new CallMeter()
      if (chance.hits(options.dying)) {
        meter.dies = { at: 1 + chance.below(MOST_CALLS), moment: chance.oneOf(['before', 'after']) }
      }
      const requester = requesters[number % requesters.length] ?? ''
      const principal = principals.get(requester)
      if (!principal) throw new Error(`${requester} has no user`)
      const plan: Plan = {
        requester,
        reason: `life ${number}`,
        entitlement: chance.oneOf(['logs-read', 'logs-read', 'logs-read', 'data-read', 'table-repair']),
        fate: chance.oneOf(options.fates ?? USUAL_FATES),
        moment: chance.oneOf(['before', 'during', 'in-force', 'at-the-end']),
      }
      const tools = { access, principal, adapters, ids, chance, meter, begins: BEGINS, otherFaults: options.share / 10 }
      lives.push(await new FaultLife(plan, tools).live())
      if (lives.length % PROGRESS_EVERY === 0) onProgress(lives.length)
      const { freezeEvery, lifecycles } = options
      if (freezeEvery === undefined || (number + 1) % freezeEvery > 0 || number >= lifecycles / 2) continue
      meter = new CallMeter()
      const frozen = freezeOnce(number, { ...tools, requester })
      freezing = frozen
      freezes.push(await frozen)
    }
  }
  await Promise.all(Array.from({ length: CONTAINERS }, container))
  return { lives, freezes }
}

/** The sweep as it runs long after, with nobody to wake and nobody to mail. */
export function sweepOnce(access: AccessFile, hands: Hands, at: Date = LONG_AFTER): Promise<readonly Deed[]> {
  const adapters = adaptersOn(hands)
  const gone = async () => 'gone' as const
  return sweep({
    ...adapters,
    access,
    policies: adapters.remover,
    clock: { now: () => at },
    announcer: { announce: async () => {} },
    workflow: { approve: gone, askNextStage: gone, askOthers: gone, close: gone },
    metrics: { count: async () => {} },
  })
}
