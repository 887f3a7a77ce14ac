import { describe, expect, it } from '@jest/globals'
import { $Attached, $ExecutionInput, $StepInput } from '../../lambdas/contract/workflow.ts'
import { createHandler as askApprovers } from '../../lambdas/handlers/ask-approvers/handler.ts'
import { createHandler as attachPolicy } from '../../lambdas/handlers/attach-policy/handler.ts'
import { createHandler as climbLadder } from '../../lambdas/handlers/climb-ladder/handler.ts'
import { createHandler as detachPolicy } from '../../lambdas/handlers/detach-policy/handler.ts'
import { createHandler as issuePolicy } from '../../lambdas/handlers/issue-policy/handler.ts'
import { aWorld } from '../support/world.ts'
import { loggerInto } from './routes.ts'

const logger = loggerInto([])

describe('the steps of the workflow', () => {
  it('END-07 hand each other what the contract says, ids and instants and never a document', async () => {
    const world = aWorld()
    const outcome = await world.ask()
    if (outcome.outcome !== 'accepted') throw new Error(outcome.outcome)
    const { id } = outcome.request
    const input = { requestId: id, contract: 1, ask: { rung: 0, timeoutSeconds: 1800 } }

    const asked = await askApprovers(world.deps, logger)({ ...input, taskToken: world.workflow.wait() })
    expect(asked).toEqual({ outcome: 'asked', approvers: 1, sent: 1 })
    expect($ExecutionInput.parse(await climbLadder(world.deps)(input)).ask.rung).toBe(1)
    await world.decide('bob')
    const issued = await issuePolicy(world.deps)({ ...input, error: { Cause: 'passes through unread' } })
    expect(issued).toEqual({ requestId: id, contract: 1 })
    const attached = await attachPolicy(world.deps)(issued)
    expect($Attached.parse(attached)).toEqual({ requestId: id, contract: 1, notAfter: '2027-03-01T11:00:00Z' })
    world.clock.step(3600)
    expect(await detachPolicy(world.deps)({ ...attached, retryCount: 0 })).toEqual({
      requestId: id,
      contract: 1,
      outcome: 'ended',
      status: 'ENDED',
    })
    expect(await detachPolicy(world.deps)({ ...attached, retryCount: 0 })).toMatchObject({ outcome: 'was-over' })
    expect($StepInput.parse(attached)).toEqual(issued)
  })

  it('END-07 refuse an input of another contract or without an id, before they touch anything', async () => {
    const world = aWorld()
    const good = {
      requestId: '01JQ0000000000000000000000',
      contract: 1,
      ask: { rung: 0, timeoutSeconds: 1 },
      taskToken: 't',
    }
    const bad = [{}, null, [], { ...good, contract: 2 }, { ...good, requestId: 'x' }, { ...good, requestId: undefined }]
    const steps = [askApprovers, climbLadder, issuePolicy, attachPolicy, detachPolicy]

    for (const step of steps) {
      for (const input of bad) await expect((async () => await step(world.deps, logger)(input))()).rejects.toThrow()
    }
    for (const ask of [
      { rung: -1, timeoutSeconds: 1 },
      { rung: 0, timeoutSeconds: 0 },
      { rung: 0.5, timeoutSeconds: 1 },
    ]) {
      await expect(askApprovers(world.deps, logger)({ ...good, ask })).rejects.toThrow()
    }
    expect(world.faults.calls).toEqual([])
  })
})
