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

    expect(await drained(world)).toEqual({ outcome: 'drained', ended: 3, closed: 0, pauses: 0 })

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
    expect(await drained(aWorld())).toEqual({ outcome: 'drained', ended: 0, closed: 0, pauses: 0 })
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

    expect(outcome).toEqual({ outcome: 'drained', ended: 1, closed: 0, pauses: rounds })
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

  it('END-07 fails what nobody has answered, ends its execution and tells who asked', async () => {
    const world = aWorld()
    const waiting = [await world.asked(), await world.asked()]

    expect(await drained(world)).toEqual({ outcome: 'drained', ended: 0, closed: 2, pauses: 0 })

    for (const { id } of waiting) {
      expect((await world.request(id)).status).toBe('FAILED')
      expect((await world.events(id)).at(-1)).toBe('failed')
      expect((await world.details(id)).at(-1)).toEqual({ why: 'the stack is being deleted' })
    }
    expect(world.workflow.answers).toEqual([
      { kind: 'closed', why: 'FAILED' },
      { kind: 'closed', why: 'FAILED' },
    ])
    expect(world.announcer.of('failed').map(({ to, why }) => [to.id, why])).toEqual([
      ['alice', 'the stack is being deleted'],
      ['alice', 'the stack is being deleted'],
    ])
    expect(await world.decide('bob')).toEqual({ outcome: 'dead' })
  })

  it('END-07 fails a request whose execution does not wait yet, and the execution then finds it closed', async () => {
    const world = aWorld()
    const { id } = await world.started()

    expect(await drained(world)).toMatchObject({ outcome: 'drained', closed: 1 })

    await world.askApprovers(id)
    expect(world.announcer.of('approval-asked')).toEqual([])
    expect(world.workflow.answers).toEqual([{ kind: 'closed', why: 'FAILED' }])
  })

  it.each(['workflow.close', 'taskTokens.find', 'announcer.announce'])(
    'END-07 closes every request although %s fails for good',
    async call => {
      const world = aWorld()
      const ids = [(await world.asked()).id, (await world.asked()).id]
      world.faults.failNext(call, Infinity)

      expect(await drained(world)).toMatchObject({ outcome: 'drained', closed: 2 })

      for (const id of ids) expect((await world.request(id)).status).toBe('FAILED')
    },
  )

  it('END-07 is not done while a request that can still change is left in the table, and names it', async () => {
    const world = aWorld()
    const { id } = await world.asked()
    const approved = await world.approved()
    world.faults.failNext('store.commit', Infinity)

    const outcome = await drained(world)

    expect(outcome).toEqual({
      outcome: 'not-drained',
      left: [],
      open: expect.arrayContaining([id, approved.id]),
      pauses: 4,
    })
    world.faults.heal()
    expect(await drained(world)).toMatchObject({ outcome: 'drained', closed: 1 })
  })

  it('END-07 that cannot list the open requests is an error and never "drained"', async () => {
    const world = aWorld()
    await world.asked()
    world.faults.failNext('open.query', Infinity)

    await expect(drained(world)).rejects.toThrow()
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
