import { describe, expect, it } from '@jest/globals'
import { climbLadder } from '../../lambdas/application/climb-ladder.ts'
import { plusSeconds } from '../../lambdas/domain/instant.ts'
import { anAccessFile } from '../support/an-access-file.ts'
import { aWorld } from '../support/world.ts'

const UNKNOWN = '01JQ0000000000000000000000'

describe('asking the approvers', () => {
  it('APP-06 of a request that was answered before the wait began wakes the execution at once', async () => {
    const ways = {
      approved: { kind: 'approved' },
      denied: { kind: 'closed', why: 'DENIED' },
      cancelled: { kind: 'closed', why: 'CANCELLED' },
    } as const
    for (const [way, answer] of Object.entries(ways)) {
      const world = aWorld()
      const { id } = await world.asked()
      world.workflow.runOut('task-token-1')
      if (way === 'cancelled') await world.cancel(id)
      else await world.decide('bob', { decision: way === 'approved' ? 'approve' : 'deny' })
      expect(world.workflow.answers).toEqual([])
      const told = world.announcer.told.length

      expect(await world.askApprovers(id, 1)).toMatchObject({ outcome: 'answered-already' })

      expect(world.workflow.answers).toMatchObject([answer])
      expect(world.announcer.told).toHaveLength(told)
      expect(await world.events(id)).toHaveLength(3)
    }
  })

  it('APP-06 keeps the token of each wait before it looks, so an answer in between finds the new one', async () => {
    for (let turn = 0; turn < 12; turn += 1) {
      const world = aWorld()
      const { id } = await world.asked()
      world.workflow.runOut('task-token-1')
      const wait = async () => {
        for (let pause = 0; pause < turn; pause += 1) await new Promise(resolve => setImmediate(resolve))
      }

      await Promise.all([wait().then(() => world.askApprovers(id, 1)), world.decide('bob')])

      expect(world.workflow.answers).toEqual([{ kind: 'approved', requestId: id }])
    }
  })

  it('NOT-02 a mail that cannot be handed over is an event and stops nothing', async () => {
    const world = aWorld()
    world.announcer.unreachable.add('bob')
    const outcome = await world.ask()
    if (outcome.outcome !== 'accepted') throw new Error(outcome.outcome)
    const { id } = outcome.request

    expect(await world.askApprovers(id)).toMatchObject({ outcome: 'asked', approvers: 1, sent: 0 })

    expect(await world.events(id)).toEqual(['asked', 'approvers-asked', 'mail-failed'])
    expect((await world.details(id)).at(-1)).toEqual({ kind: 'approval-asked', to: 'bob', why: 'Error: mailbox full' })
    expect(world.announcer.told).toEqual(['asked alice'])
  })

  it('NOT-02 mails that fail throughout never stop the life of a request', async () => {
    const world = aWorld()
    for (const person of ['alice', 'adam']) world.announcer.unreachable.add(person)
    const { id, grant } = await world.approved()
    await world.issue(id)
    await world.attach(id)
    world.clock.setTo(grant.notAfter)
    await world.end(id)

    expect(await world.events(id)).toEqual([
      ...['asked', 'approvers-asked', 'mail-failed'],
      ...['approved', 'activated', 'mail-failed', 'mail-failed', 'ended', 'mail-failed'],
    ])
    expect((await world.request(id)).status).toBe('ENDED')
  })

  it('APP-06 a step that is tried again writes its fact once', async () => {
    const world = aWorld()
    const outcome = await world.ask()
    if (outcome.outcome !== 'accepted') throw new Error(outcome.outcome)
    const { id } = outcome.request
    world.faults.failNext('links.put')
    await expect(world.askApprovers(id)).rejects.toThrow('links.put')

    await world.askApprovers(id)

    expect(await world.events(id)).toEqual(['asked', 'approvers-asked'])
  })

  it('APP-06 of a request that is not there is an error', async () => {
    await expect(aWorld().askApprovers(UNKNOWN)).rejects.toThrow('there is no request')
  })
})

describe('the ladder', () => {
  it('APP-06 reminds once, then gives up and tells the requester', async () => {
    const world = aWorld()
    const { id, answerBy } = await world.asked()

    world.clock.step(1800)
    const reminded = await world.climb(id)
    expect(reminded).toMatchObject({ outcome: 'waiting', ask: { rung: 1, timeoutSeconds: 14_400 - 1800 } })
    await world.askApprovers(id, reminded.ask.rung)
    expect(world.announcer.of('approval-asked').map(({ isReminder }) => isReminder)).toEqual([false, true])
    expect(world.announcer.of('asked')).toHaveLength(1)

    world.clock.setTo(plusSeconds(answerBy, 1))
    expect(await world.climb(id, 1)).toMatchObject({ outcome: 'over' })
    expect((await world.request(id)).status).toBe('UNANSWERED')
    expect(await world.events(id)).toEqual(['asked', 'approvers-asked', 'approvers-reminded', 'unanswered'])
    expect(world.announcer.told.at(-1)).toBe('unanswered alice')
    expect(await world.decide('bob')).toEqual({ outcome: 'dead' })
  })

  it('APP-06 a wait until the answer is due ends in no second of its own', async () => {
    const world = aWorld()
    const { id } = await world.asked()
    world.clock.step(1800)

    const { ask } = await world.climb(id)
    world.clock.step(ask.timeoutSeconds)

    expect((await world.climb(id, 1)).outcome).toBe('over')
  })

  it('APP-06 an answer during the climb is seen and goes back to the wait', async () => {
    const world = aWorld()
    const { id } = await world.asked()
    world.workflow.runOut('task-token-1')
    await world.decide('bob')

    expect(await world.climb(id)).toMatchObject({ outcome: 'waiting' })
    await world.askApprovers(id, 1)

    expect(world.workflow.answers).toEqual([{ kind: 'approved', requestId: id }])
    expect(await world.events(id)).toEqual(['asked', 'approvers-asked', 'approved'])
  })

  it('APP-10 of giving up and approving in the last second one wins', async () => {
    for (let round = 0; round < 20; round += 1) {
      const world = aWorld()
      const { id, answerBy } = await world.asked()
      world.clock.setTo(plusSeconds(answerBy, -2))
      const deciding = world.decide('bob')
      for (let pause = 0; pause < round % 8; pause += 1) await new Promise(resolve => setImmediate(resolve))
      world.clock.setTo(answerBy)

      const [climbed] = await Promise.all([world.climb(id), deciding])

      const { status } = await world.request(id)
      expect(['APPROVED', 'UNANSWERED']).toContain(status)
      expect(climbed.outcome === 'over').toBe(status === 'UNANSWERED')
      expect(await world.events(id)).toHaveLength(3)
    }
  })

  it('APP-06 a second climb after giving up wakes the wait into its end', async () => {
    const world = aWorld()
    const { id, answerBy } = await world.asked()
    world.clock.setTo(answerBy)
    world.faults.failNext('store.commit', 1, 'after')
    await expect(world.climb(id)).rejects.toThrow('got lost')

    expect((await world.climb(id)).outcome).toBe('waiting')
    await world.askApprovers(id, 1)
    expect(world.workflow.answers).toEqual([{ kind: 'closed', why: 'UNANSWERED' }])
    expect(await world.events(id)).toEqual(['asked', 'approvers-asked', 'unanswered'])
  })

  it('APP-06 climbs for a requester who left the access file', async () => {
    const world = aWorld()
    const { id, answerBy } = await world.asked()
    world.clock.setTo(answerBy)
    const access = anAccessFile({ people: [], entitlements: [] })

    const climbed = await climbLadder(
      { ...world.deps, access },
      { requestId: id, contract: 1, ask: { rung: 0, timeoutSeconds: 1 } },
    )

    expect(climbed.outcome).toBe('over')
  })
})
