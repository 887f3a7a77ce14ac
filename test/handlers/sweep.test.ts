import { describe, expect, it } from '@jest/globals'
import { createHandler as askApprovers } from '../../lambdas/handlers/ask-approvers/handler.ts'
import { createHandler as sweep } from '../../lambdas/handlers/sweep/handler.ts'
import { aWorld } from '../support/world.ts'
import { loggerInto } from './routes.ts'

describe('the sweep’s function', () => {
  it('END-02 logs each deed and each failure, and answers with their number', async () => {
    const world = aWorld()
    const ids = [(await world.active()).id, (await world.active()).id]
    world.clock.step(2 * 3600)
    world.faults.failNext('store.commit')
    const lines: string[] = []

    expect(await sweep(world.deps, loggerInto(lines))()).toEqual({ deeds: 2, failed: 1 })

    const entries = lines.map(line => JSON.parse(line))
    expect(entries.map(({ level }) => level).sort()).toEqual(['ERROR', 'WARN'])
    const [error, warning] = [
      entries.find(({ level }) => level === 'ERROR'),
      entries.find(({ level }) => level === 'WARN'),
    ]
    expect(warning).toMatchObject({ what: 'ended', why: 'it is due' })
    expect(JSON.stringify(error)).toContain('InjectedError')
    expect(ids.filter(id => lines.join('').includes(id))).toHaveLength(2)
    expect(lines.join('')).not.toContain('task-token')
  })

  it('END-02 says nothing when there is nothing to do', async () => {
    const lines: string[] = []
    expect(await sweep(aWorld().deps, loggerInto(lines))()).toEqual({ deeds: 0, failed: 0 })
    expect(lines).toEqual([])
  })
})

describe('the function that asks', () => {
  const inputOf = (requestId: string, rung: number, taskToken: string) => ({
    requestId,
    contract: 1,
    ask: { rung, timeoutSeconds: 60 },
    taskToken,
  })

  it('APP-06 a first ask that fails is a failure, for the state machine to route', async () => {
    const world = aWorld()
    const { id } = await world.started()
    const lines: string[] = []
    world.announcer.unreachable.add('bob')

    const ask = askApprovers(world.deps, loggerInto(lines))
    await expect(ask(inputOf(id, 0, world.workflow.wait()))).rejects.toThrow(/could be mailed/)
    expect(lines).toEqual([])
  })

  it.each(['links.put', 'store.find', 'store.commit', 'announcer.announce'])(
    'APP-06 a reminder that fails at %s is logged and no more: the links of the mail before still decide',
    async call => {
      const world = aWorld()
      const { id } = await world.asked()
      const bob = world.mailTo('bob')
      world.workflow.runOut('task-token-1')
      world.faults.failNext(call)
      const lines: string[] = []

      const answer = await askApprovers(world.deps, loggerInto(lines))(inputOf(id, 1, world.workflow.wait()))

      if (call !== 'announcer.announce') {
        expect(answer).toEqual({ outcome: 'reminder-failed' })
        expect(lines.join('')).toContain('the reminder failed')
      }
      expect(lines.join('')).not.toContain('task-token')
      expect(await world.answer(bob.token, { code: bob.code })).toMatchObject({
        outcome: 'decided',
        verdict: 'approved',
      })
      expect(world.workflow.answers).toEqual([{ kind: 'approved', requestId: id }])
    },
  )

  it('APP-06 a reminder whose token could not be kept still comes to its grant when it is approved', async () => {
    const world = aWorld()
    const { id } = await world.asked()
    const bob = world.mailTo('bob')
    world.workflow.runOut('task-token-1')
    world.faults.failNext('taskTokens.keep')
    const taskToken = world.workflow.wait()
    const attempt = () => askApprovers(world.deps, loggerInto([]))(inputOf(id, 1, taskToken))

    // What throws goes to the state machine, which tries again or says why; what is swallowed leaves a wait that nobody can wake.
    await attempt().catch(attempt)
    await world.answer(bob.token, { code: bob.code })

    expect(world.workflow.answers).toEqual([{ kind: 'approved', requestId: id }])
  })
})
