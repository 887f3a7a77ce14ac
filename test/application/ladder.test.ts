import { describe, expect, it } from '@jest/globals'
import { NobodyAskedError } from '../../lambdas/application/ask-approvers.ts'
import { climbLadder } from '../../lambdas/application/climb-ladder.ts'
import { plusSeconds } from '../../lambdas/domain/instant.ts'
import { anAccessFile, anEntitlement, aStage } from '../support/an-access-file.ts'
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

  it('APP-06 an answer given while the links of a reminder are put wakes the execution', async () => {
    for (let turn = 0; turn < 8; turn += 1) {
      const world = aWorld()
      const { id } = await world.asked()
      const bob = world.mailTo('bob')
      world.workflow.runOut('task-token-1')
      const put = world.links.put.bind(world.links)
      world.links.put = async links => {
        await put(links)
        world.faults.failNext('workflow.approve', turn % 2)
        await world.answer(bob.token, { code: bob.code })
      }

      expect(await world.askApprovers(id, 1)).toMatchObject({ outcome: 'answered-already' })
      expect(world.workflow.answers).toEqual([{ kind: 'approved', requestId: id }])
    }
  })

  it('APP-05 a stage that is passed while the links of a reminder are put never ends the execution', async () => {
    for (let turn = 0; turn < 10; turn += 1) {
      const stages = [aStage(), aStage({ name: 'security', approvers: ['carol'] })]
      const world = aWorld({ access: anAccessFile({ entitlements: [anEntitlement({ stages, codeRequired: true })] }) })
      const { id } = await world.asked()
      const bob = world.mailTo('bob')
      world.workflow.runOut('task-token-1')
      const put = world.links.put.bind(world.links)
      let deciding: Promise<unknown> = Promise.resolve()
      world.links.put = async links => {
        await put(links)
        if (links.some(({ approver }) => approver === 'carol')) return
        deciding = world.answer(bob.token, { code: bob.code })
        for (let pause = 0; pause < turn; pause += 1) await new Promise(resolve => setImmediate(resolve))
      }

      await world.askApprovers(id, 1).catch(() => {})
      await deciding

      expect((await world.request(id)).status).toBe('PENDING')
      expect(world.workflow.answers.filter(({ kind }) => kind === 'closed')).toEqual([])
      expect(world.workflow.answers).toEqual([{ kind: 'stage-passed' }])
    }
  })

  it('NOT-02 a mail that cannot be handed over is an event, told to the administrators, and stops nothing', async () => {
    const stages = [aStage({ approvers: ['bob', 'carol'] })]
    const world = aWorld({ access: anAccessFile({ entitlements: [anEntitlement({ stages })] }) })
    world.announcer.unreachable.add('bob')
    const { id } = await world.started()

    expect(await world.askApprovers(id)).toMatchObject({ outcome: 'asked', approvers: 2, sent: 1 })

    expect(await world.events(id)).toEqual(['asked', 'approvers-asked', 'mail-failed'])
    expect((await world.details(id)).at(-1)).toMatchObject({ kind: 'approval-asked', to: 'bob' })
    expect(world.announcer.told).toEqual(['approval-asked carol', 'asked alice', 'mail-failed-to-admin adam'])
  })

  it('NOT-02 a request nobody could be asked about does not wait for an answer', async () => {
    const world = aWorld()
    world.announcer.unreachable.add('bob')
    const { id } = await world.started()

    await expect(world.askApprovers(id)).rejects.toThrow(NobodyAskedError)

    expect(await world.events(id)).toEqual(['asked', 'approvers-asked', 'mail-failed'])
    expect(world.announcer.told).toEqual([])
  })

  it('NOT-02 a reminder that reaches nobody leaves the links of the first mail to be answered', async () => {
    const world = aWorld()
    const { id } = await world.asked()
    const { token, code } = world.mailTo('bob')
    world.announcer.unreachable.add('bob')

    const reminded = await world.askApprovers(id, 1).then(
      () => 'waiting',
      () => 'the state fails, and the removal fails the request',
    )

    expect(reminded).toBe('waiting')
    expect(await world.answer(token, { code })).toMatchObject({ outcome: 'decided' })
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
