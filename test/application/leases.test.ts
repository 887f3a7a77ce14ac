import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { giveBackLease } from '../../lambdas/application/give-back-lease.ts'
import { attachLeased } from '../../lambdas/application/take-lease.ts'
import { LATE_ATTACH_SECONDS, LATE_DETACH_SECONDS } from '../../lambdas/domain/lease.ts'
import { aRequest } from '../support/a-request.ts'
import { Faults } from '../support/faults.ts'
import { InMemoryIam } from '../support/in-memory-iam.ts'
import { InMemoryLeaseStore } from '../support/in-memory-lease-store.ts'
import { SteppedClock } from '../support/stepped-clock.ts'
import { arnOf } from '../support/world.ts'

const POLICY = 'arn:aws:iam::aws:policy/ReadOnlyAccess'
const ALICE = arnOf('alice')
const AS_IS = { policyArn: POLICY, documentHash: 'as reviewed' }
const IDS = ['first', 'second', 'third'] as const
type Id = (typeof IDS)[number]
const RUNS = 2000

function aHouse() {
  const faults = new Faults()
  const iam = new InMemoryIam(faults)
  const clock = new SteppedClock()
  const leases = new InMemoryLeaseStore(faults)
  const deps = { leases, clock, policies: iam }
  const uniqueId = iam.addUser(ALICE)
  iam.addManaged(POLICY, {})
  return {
    faults,
    iam,
    clock,
    leases,
    attach: (id: string) => attachLeased(deps, aRequest({ id, principal: { arn: ALICE, uniqueId } }), AS_IS),
    giveBack: (requestId: string) => giveBackLease(deps, { requestId, principalArn: ALICE, policyArn: POLICY }),
    isAttached: () => iam.attachmentsOf(POLICY).includes(`user ${ALICE}`),
    stand: () => iam.attachTo(`user ${ALICE}`, POLICY),
    /** What the sweep does later: those that are over give back what they still hold. */
    async settle(over: readonly string[]) {
      faults.heal()
      for (const seconds of [LATE_ATTACH_SECONDS, LATE_DETACH_SECONDS]) {
        clock.step(seconds)
        for (const id of over) await giveBackLease(deps, { requestId: id, principalArn: ALICE, policyArn: POLICY })
      }
    },
  }
}

describe('a policy that is attached as it is', () => {
  it('GRA-07 stays while one of two overlapping grants holds it, and goes with the last', async () => {
    const house = aHouse()
    await house.attach('first')
    await house.attach('second')

    expect(await house.giveBack('first')).toMatchObject({ policy: 'HeldByOthers', detached: 0 })
    expect(house.isAttached()).toBe(true)

    expect(await house.giveBack('second')).toMatchObject({ policy: 'NotAttached', detached: 1 })
    expect(house.isAttached()).toBe(false)
  })

  it('GRA-07 is refused to whom somebody else attached it, and is not taken from them', async () => {
    const house = aHouse()
    house.stand()

    await expect(house.attach('first')).rejects.toThrow('already, and not by a grant')
    expect(await house.giveBack('first')).toMatchObject({ policy: 'HeldByOthers', detached: 0 })
    expect(house.isAttached()).toBe(true)
  })

  it('GRA-07 is not refused where another grant attached it between the looks at its lease and at IAM', async () => {
    const house = aHouse()
    const { iam } = house
    const isAttached = iam.isAttached.bind(iam)
    iam.isAttached = async (...asked) => {
      iam.isAttached = isAttached
      await house.attach('first')
      return isAttached(...asked)
    }

    await house.attach('second')

    expect(await house.giveBack('first')).toMatchObject({ policy: 'HeldByOthers', detached: 0 })
    expect(await house.giveBack('second')).toMatchObject({ policy: 'NotAttached', detached: 1 })
  })

  it('GRA-07 is not taken from whom somebody else attached it to after the last grant had ended', async () => {
    const house = aHouse()
    await house.attach('first')
    house.clock.step(3600)
    await house.giveBack('first')
    house.stand()

    await house.giveBack('first')
    await house.settle(['first'])

    expect(house.isAttached()).toBe(true)
    await expect(house.attach('second')).rejects.toThrow('already, and not by a grant')
  })

  it('GRA-07 is proven gone only by reading IAM back', async () => {
    const house = aHouse()
    await house.attach('first')
    house.iam.takeFrom = () => Promise.resolve('detached')

    await expect(house.giveBack('first')).rejects.toThrow('IAM still shows it')
  })

  it('GRA-07 can be had again at once after an undisturbed end, and only later after one that broke off', async () => {
    const house = aHouse()
    await house.attach('first')
    house.faults.failNext('DetachPolicy')
    await expect(house.giveBack('first')).rejects.toThrow('DetachPolicy')
    await house.giveBack('first')

    await expect(house.attach('second')).rejects.toThrow('is being detached for another grant')

    house.clock.step(LATE_DETACH_SECONDS)
    await house.attach('second')
    await house.giveBack('second')
    await house.attach('third')
    expect(house.isAttached()).toBe(true)
  })

  it('GRA-07 that a late attach put back after the end is taken away', async () => {
    const house = aHouse()
    await house.attach('first')
    await house.giveBack('first')
    house.stand()

    await house.settle(['first'])

    expect(house.isAttached()).toBe(false)
  })

  it(`GRA-07 FI-9: in ${RUNS} random interleavings of attaches, ends, repeats and failures no end takes it from a living grant, and none leaves it behind`, async () => {
    const seen = { refused: 0, overlapping: 0, failed: 0, lived: 0 }
    await fc.assert(
      fc.asyncProperty($lives, fc.scheduler(), async (lives, scheduler) => {
        const { outcomes, house, over, living, wrongly } = await played(lives, scheduler)

        expect(wrongly()).toEqual([])
        await house.settle(over())
        expect(house.isAttached()).toBe(living().length > 0)
        seen.lived += living().length
        seen.overlapping += living().length > 1 ? 1 : 0
        seen.failed += outcomes.filter(outcome => outcome === 'failed').length
        seen.refused += outcomes.filter(outcome => outcome === 'refused').length

        await house.settle(IDS)
        expect(house.isAttached()).toBe(false)
      }),
      { numRuns: RUNS },
    )
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(50)
  }, 120_000)
})

/** How often each grant is attached and ended, at the same time or one after the other; the grants themselves run at the same time. */
const $lives = fc.record({
  of: fc.tuple(
    ...IDS.map(() =>
      fc.record({ attaches: fc.nat({ max: 2 }), ends: fc.constantFrom(0, 0, 1, 2), isOneByOne: fc.boolean() }),
    ),
  ),
  /** Indexes of calls that fail, or whose answer is lost. */
  faults: fc.array(fc.record({ at: fc.nat(40), moment: fc.constantFrom('before', 'after') }), { maxLength: 3 }),
})
const NOTHING: Lives['of'][number] = { attaches: 0, ends: 0, isOneByOne: true }
type Lives = typeof $lives extends fc.Arbitrary<infer Value> ? Value : never

async function played(lives: Lives, scheduler: fc.Scheduler) {
  const house = aHouse()
  const { faults } = house
  const around = faults.around.bind(faults)
  const holding = new Set<Id>()
  const ended = new Set<Id>()
  const wrong: string[] = []
  faults.around = async (name, apply) => {
    await scheduler.schedule(Promise.resolve(), name)
    return around(name, () => {
      const result = apply()
      if (holding.size > 0 && !house.isAttached()) wrong.push(`${name} while ${[...holding].join()} lives`)
      return result
    })
  }
  for (const { at, moment } of lives.faults) faults.failAt(at, moment)

  const outcomes: ('done' | 'failed' | 'refused')[] = []
  const each = async (times: number, work: () => Promise<unknown>) => {
    for (let done = 0; done < times; done += 1) {
      try {
        await work()
        outcomes.push('done')
      } catch (error) {
        outcomes.push(error instanceof Error && error.name === 'InjectedError' ? 'failed' : 'refused')
      }
    }
  }
  const attach = async (id: Id) => {
    if (ended.has(id)) return
    await house.attach(id)
    if (!ended.has(id)) holding.add(id)
  }
  const end = async (id: Id) => {
    ended.add(id)
    holding.delete(id)
    await house.giveBack(id)
  }
  const live = async (id: Id, { attaches, ends, isOneByOne }: Lives['of'][number]) => {
    const attaching = each(attaches, () => attach(id))
    if (isOneByOne) await attaching
    await Promise.all([attaching, each(ends, () => end(id))])
  }
  const all = Promise.all(IDS.map((id, index) => live(id, lives.of[index] ?? NOTHING)))
  await scheduler.waitFor(all)
  faults.around = around
  return {
    house,
    outcomes,
    living: () => [...holding],
    /** Those that are not in force are ended by the workflow or the sweep. */
    over: () => IDS.filter(id => !holding.has(id)),
    wrongly: () => wrong,
  }
}
