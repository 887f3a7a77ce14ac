import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { plusSeconds } from '../../lambdas/domain/instant.ts'
import { chance } from '../support/an-access-file.ts'
import { InjectedError } from '../support/faults.ts'
import { arnOf, aWorld, type World } from '../support/world.ts'

const FIVE_MINUTES = 300
const isIam = (call: string) => /^[A-Z]/.test(call)

/** A sweep as its schedule runs it: one that throws is one that failed, and the next one comes all the same. */
async function scheduledSweep(world: World) {
  try {
    return await world.sweep()
  } catch (error) {
    return [{ what: 'failed', of: 'the sweep', why: '', error }] as const
  }
}

async function threeDue() {
  const world = aWorld()
  const ids: string[] = []
  for (let count = 0; count < 3; count += 1) ids.push((await world.active()).id)
  world.clock.step(3 * 3600)
  world.faults.reset()
  return { world, ids }
}

async function statuses(world: World, ids: readonly string[]) {
  return Promise.all(ids.map(async id => (await world.request(id)).status))
}

describe('what fails in a sweep', () => {
  it.each(['store.find', 'store.commit'])(
    'END-02 once at %s is reported, keeps nothing else from being closed, and is closed by the next one',
    async call => {
      const { world, ids } = await threeDue()
      world.faults.failNext(call)

      const deeds = await world.sweep()

      expect(deeds.filter(({ what }) => what === 'ended')).toHaveLength(2)
      expect(deeds.filter(({ what }) => what === 'failed')).toMatchObject([{ error: expect.any(InjectedError) }])
      expect(world.metrics.counts.at(-1)).toMatchObject({ SweepHeartbeat: 1, SweepClosed: 2, SweepFailures: 1 })
      expect((await world.sweep()).map(({ what }) => what)).toEqual(['ended'])
      expect(await statuses(world, ids)).toEqual(['ENDED', 'ENDED', 'ENDED'])
      expect(world.iam.policies.size).toBe(0)
    },
  )

  it.each(['GetPolicy', 'DetachPolicy', 'DeletePolicy'])('END-03 once at %s is tried again at once', async call => {
    for (const moment of ['before', 'after'] as const) {
      const { world, ids } = await threeDue()
      world.faults.failNext(call, 1, moment)

      await world.sweep()

      expect(await statuses(world, ids)).toEqual(['ENDED', 'ENDED', 'ENDED'])
      for (const id of ids) expect((await world.request(id)).ending?.cause).toBe('expired')
    }
  })

  it('END-02 for good at one policy keeps nothing else from being closed', async () => {
    const { world, ids } = await threeDue()
    const denied = ids[0] ?? ''
    const remove = world.iam.remove.bind(world.iam)
    world.iam.remove = async arn => {
      if (arn.endsWith(denied)) throw new Error('AccessDenied')
      return remove(arn)
    }

    await world.sweep()

    expect(await statuses(world, ids)).toEqual(['ACTIVE', 'ENDED', 'ENDED'])
  })

  it('END-02 at listing who has one policy keeps nothing else from being closed, and there is a heartbeat', async () => {
    const { world, ids } = await threeDue()
    world.faults.failNext('ListEntitiesForPolicy')

    await scheduledSweep(world)

    expect(await statuses(world, ids)).toEqual(['ACTIVE', 'ENDED', 'ENDED'])
    expect(world.metrics.counts.at(-1)).toMatchObject({ SweepHeartbeat: 1, SweepFailures: 1 })
  })

  it('END-02 at listing IAM does not keep an unanswered request from being given up', async () => {
    const world = aWorld()
    const { id, answerBy } = await world.asked()
    world.clock.setTo(plusSeconds(answerBy, 300))
    world.faults.failNext('ListPolicies')

    await scheduledSweep(world)

    expect((await world.request(id)).status).toBe('UNANSWERED')
  })

  it('OPS-02 at counting does not hide what was done', async () => {
    const { world } = await threeDue()
    world.faults.failNext('metrics.count')

    expect((await scheduledSweep(world)).map(({ what }) => what)).toEqual(['ended', 'ended', 'ended', 'failed'])
  })

  it('END-02 FI-4: with IAM away is an error that is seen, writes nothing, and the sweep after it catches up', async () => {
    const { world, ids } = await threeDue()
    const before = new Map(world.store.rows)
    world.faults.failFrom(0, isIam)

    for (let count = 0; count < 9; count += 1) {
      expect(await scheduledSweep(world)).toContainEqual(expect.objectContaining({ what: 'failed' }))
      world.clock.step(FIVE_MINUTES)
    }
    expect(world.store.rows).toEqual(before)

    world.faults.heal()
    expect((await world.sweep()).map(({ what }) => what)).toEqual(['ended', 'ended', 'ended'])
    expect(await statuses(world, ids)).toEqual(['ENDED', 'ENDED', 'ENDED'])
    expect(world.iam.policies.size).toBe(0)
  })

  it('END-02 with the table away removes nothing that it cannot judge', async () => {
    const { world } = await threeDue()
    world.faults.failFrom(0, call => call.startsWith('store.') || call.startsWith('open.'))

    await scheduledSweep(world)

    expect(world.iam.policies.size).toBe(3)
  })
})

describe('a detachment that fails for an hour', () => {
  async function anHourOfSweeps() {
    const world = aWorld()
    const { id, grant } = await world.active()
    world.clock.setTo(grant.notAfter)
    const until = plusSeconds(grant.notAfter, 3600)
    world.faults.failFrom(0, call => call === 'DetachPolicy' && world.clock.now() < until)
    const overdue: (number | undefined)[] = []
    while ((await world.request(id)).status === 'ACTIVE' && overdue.length < 20) {
      world.clock.step(FIVE_MINUTES)
      await scheduledSweep(world)
      overdue.push(world.metrics.counts.at(-1)?.GrantsOverdue)
    }
    return { world, id, grant, overdue }
  }

  it('END-03 FI-6: is tried at every sweep and closes at the first that works, once', async () => {
    const { world, id, grant } = await anHourOfSweeps()

    expect(await world.request(id)).toMatchObject({
      status: 'ENDED',
      ending: { cause: 'expired', receipt: { detached: 1 } },
    })
    expect((await world.request(id)).ending?.receipt.verifiedAt).toEqual(plusSeconds(grant.notAfter, 3600))
    expect((await world.events(id)).filter(type => type === 'ended')).toHaveLength(1)
    expect(world.announcer.of('ended')).toHaveLength(1)
    expect(world.iam.policies.size).toBe(0)
  })

  it('END-03 FI-6: is counted as overdue from a quarter of an hour after the end until it is closed', async () => {
    const { overdue } = await anHourOfSweeps()

    expect(overdue.slice(0, 11)).toEqual([0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1])
  })
})

describe('with the workflow dead', () => {
  it('END-02 the sweep alone closes every grant within ten minutes of its end, and none before', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 300, max: 7200 }), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: FIVE_MINUTES }),
        async (durations, offset) => {
          const world = aWorld()
          const ids: string[] = []
          for (const durationSeconds of durations) ids.push((await world.active({ ask: { durationSeconds } })).id)
          world.clock.step(offset)
          for (let count = 0; count < 60; count += 1) {
            await world.sweep()
            for (const id of ids) {
              const { status, grant } = await world.granted(id)
              const isBefore = world.clock.now() < grant.notAfter
              const isLate = world.clock.now() >= plusSeconds(grant.notAfter, 600)
              if (isBefore) expect({ id, status }).toEqual({ id, status: 'ACTIVE' })
              if (isLate) expect({ id, status }).toEqual({ id, status: 'ENDED' })
            }
            world.clock.step(FIVE_MINUTES)
          }
          for (const id of ids) expect((await world.request(id)).ending?.cause).toBe('expired')
          expect(world.iam.policies.size).toBe(0)
        },
      ),
      { numRuns: 15, seed: chance.below(2 ** 31) },
    )
  }, 30_000)

  it('END-02 two sweeps at once, and a sweep beside the workflow, end a grant once', async () => {
    for (let pause = 0; pause < 14; pause += 1) {
      const world = aWorld()
      const { id, grant } = await world.active()
      world.clock.setTo(plusSeconds(grant.notAfter, 60))
      const other = async () => {
        for (let turn = 0; turn < pause; turn += 1) await new Promise(resolve => setImmediate(resolve))
        return pause % 2 === 0 ? world.sweep() : world.end(id)
      }

      await Promise.allSettled([world.sweep(), other()])
      await world.sweep()

      expect((await world.events(id)).slice(-2)).toEqual(['activated', 'ended'])
      expect((await world.request(id)).ending?.cause).toBe('expired')
      expect(world.iam.policies.size).toBe(0)
    }
  })

  it('END-02 one grant of two that overlap goes at its end, and the other stays', async () => {
    const world = aWorld()
    const short = await world.active({ ask: { durationSeconds: 600 } })
    const long = await world.active({ ask: { durationSeconds: 7200 } })
    world.clock.setTo(plusSeconds(long.grant.notAfter, -60))

    await world.sweep()

    expect(await statuses(world, [short.id, long.id])).toEqual(['ENDED', 'ACTIVE'])
    expect(world.iam.attachmentsOf(long.grant.policyArn)).toEqual([`user ${arnOf('alice')}`])
  })
})
