import { describe, expect, it } from '@jest/globals'
import { drainGrants } from '../../lambdas/application/drain-grants.ts'
import { aWorld, type World } from '../support/world.ts'

const ORPHAN = 'arn:aws:iam::111122223333:policy/lapse/grant/20270301T120000Z/01JQ0000000000000000000000'

/** Drains, counting the pauses between rounds; `meanwhile` is what others do in each. */
async function drained(world: World, meanwhile: (round: number) => Promise<void> = async () => {}) {
  let pauses = 0
  const pause = async (): Promise<void> => {
    pauses += 1
    world.clock.step(5)
    await meanwhile(pauses)
  }
  return { ...(await drainGrants({ ...world.deps, pause })), pauses }
}

describe('a drain', () => {
  it('END-07 ends every grant that lives, as frozen and with a receipt, and leaves no policy', async () => {
    const world = aWorld()
    const ids = [(await world.active()).id, (await world.active()).id, (await world.active()).id]

    expect(await drained(world)).toEqual({ outcome: 'drained', ended: 3, pauses: 0 })

    expect(world.iam.policies.size).toBe(0)
    for (const id of ids) {
      expect(await world.request(id)).toMatchObject({
        status: 'ENDED',
        ending: { cause: 'frozen', receipt: { detached: 1 } },
      })
      expect((await world.events(id)).at(-1)).toBe('ended')
    }
  })

  it('END-07 with nothing to end is done at once', async () => {
    expect(await drained(aWorld())).toEqual({ outcome: 'drained', ended: 0, pauses: 0 })
  })

  it('END-07 freezes first, so that nobody is granted anything meanwhile', async () => {
    const world = aWorld()
    await world.active()
    const waiting = await world.asked()

    await drained(world)

    expect(await world.freezes.current()).toMatchObject({ by: 'drain', reason: 'the stack is being deleted' })
    expect(await world.ask()).toMatchObject({ outcome: 'refused', refusal: { code: 'frozen' } })
    expect((await world.request(waiting.id)).grant).toBeUndefined()
  })

  it('END-07 ends a grant that is approved and not in IAM yet', async () => {
    const world = aWorld()
    const { id } = await world.approved()

    expect(await drained(world)).toMatchObject({ outcome: 'drained', ended: 1 })

    expect((await world.request(id)).status).not.toBe('APPROVED')
    await expect(world.issue(id)).rejects.toThrow()
    expect(world.iam.policies.size).toBe(0)
  })

  it.each([1, 2, 4])('END-07 tries again while IAM refuses the removal, %d rounds', async rounds => {
    const world = aWorld()
    const { id } = await world.active()
    world.faults.failNext('DetachPolicy', Infinity)

    const outcome = await drained(world, async round => {
      if (round === rounds) world.faults.reset()
    })

    expect(outcome).toEqual({ outcome: 'drained', ended: 1, pauses: rounds })
    expect((await world.request(id)).status).toBe('ENDED')
  })

  it('END-07 that IAM refuses five times is not done, names what is left, and nothing is said to have ended', async () => {
    const world = aWorld()
    const grants = [await world.active(), await world.active()]
    world.faults.failNext('DetachPolicy', Infinity)

    const outcome = await drained(world)

    const left = grants.map(({ grant }) => grant.policyArn)
    expect(outcome).toMatchObject({ outcome: 'not-drained', left: expect.arrayContaining(left), pauses: 4 })
    for (const { id, grant } of grants) {
      expect((await world.request(id)).status).toBe('ACTIVE')
      expect(world.iam.attachmentsOf(grant.policyArn)).toHaveLength(1)
    }
  })

  it('END-07 removes a policy that belongs to no grant: nobody would be left to do it', async () => {
    const world = aWorld()
    await world.iam.create({ arn: ORPHAN, document: { Version: '2012-10-17', Statement: [] }, tags: {} })

    expect(await drained(world)).toMatchObject({ outcome: 'drained' })
    expect(world.iam.policies.size).toBe(0)
  })

  it('END-07 that cannot list the policies is an error and never "drained"', async () => {
    const world = aWorld()
    await world.active()
    world.faults.failNext('ListPolicies', Infinity)

    await expect(drained(world)).rejects.toThrow()
  })
})
