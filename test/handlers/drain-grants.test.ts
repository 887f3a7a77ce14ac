import { describe, expect, it } from '@jest/globals'
import type { StackAnswer } from '../../lambdas/contract/stack-event.ts'
import { createHandler } from '../../lambdas/handlers/drain-grants/handler.ts'
import { aWorld, type World } from '../support/world.ts'
import { loggerInto } from './routes.ts'

const EVENT = {
  RequestType: 'Delete',
  ResponseURL: 'https://cloudformation.example/answer?signature=secret',
  StackId: 'arn:aws:cloudformation:eu-west-1:111122223333:stack/Lapse/1',
  RequestId: 'r-1',
  ResourceType: 'Custom::LapseDrain',
  LogicalResourceId: 'Drain',
  PhysicalResourceId: 'lapse-drain',
  ResourceProperties: { ServiceToken: 'arn' },
}

/** What CloudFormation is told about an event, and what is logged. */
async function toldOf(world: World, event: unknown = EVENT) {
  const answers: StackAnswer[] = []
  const lines: string[] = []
  const answerStack = async (_: unknown, answer: StackAnswer): Promise<void> => {
    answers.push(answer)
  }
  const handler = createHandler({ ...world.deps, pause: async () => {}, answerStack }, loggerInto(lines))
  await handler(event)
  expect(answers).toHaveLength(1)
  return { ...answers[0], log: lines.join('') }
}

describe('the custom resource', () => {
  it.each(['Create', 'Update'])('END-07 has nothing to do at %s, and touches nothing', async RequestType => {
    const world = aWorld()
    const { id } = await world.active()
    world.faults.reset()

    expect(await toldOf(world, { ...EVENT, RequestType })).toMatchObject({ Status: 'SUCCESS' })

    expect(world.faults.calls).toEqual([])
    expect((await world.request(id)).status).toBe('ACTIVE')
  })

  it('GRA-07 ends the grants of policies that are no longer attached as they are, and leaves the others', async () => {
    const policies = ['arn:aws:iam::aws:policy/ReadOnlyAccess']
    const event = { ...EVENT, ResourceType: 'Custom::LapseAsIs', ResourceProperties: { ServiceToken: 'arn', policies } }
    const world = aWorld()
    const { id } = await world.active()

    expect(await toldOf(world, event)).toMatchObject({
      Status: 'SUCCESS',
      Reason: '0 grants of policies no longer listed were ended',
    })
    expect((await world.request(id)).status).toBe('ACTIVE')
    expect(await world.freezes.current()).toBeUndefined()

    world.faults.failNext('leases.unsettled', Infinity)
    expect(await toldOf(world, event)).toMatchObject({ Status: 'FAILED' })
  })

  it('END-07 says SUCCESS to a deletion when every grant is ended, with their number', async () => {
    const world = aWorld()
    await world.active()
    await world.active()

    expect(await toldOf(world)).toMatchObject({ Status: 'SUCCESS', Reason: '2 grants were ended, 0 requests closed' })
    expect(world.iam.policies.size).toBe(0)
  })

  it('END-07 says FAILED when IAM keeps a policy, with its ARN and what to do', async () => {
    const world = aWorld()
    const { grant } = await world.active()
    world.faults.failNext('DetachPolicy', Infinity)

    expect(await toldOf(world)).toMatchObject({
      Status: 'FAILED',
      Reason: `IAM still has 1 of Lapse's policies, such as ${grant.policyArn}. Delete the stack again, or keep it and lift the freeze with DELETE /freeze.`,
    })
  })

  it('END-07 says FAILED when a request that waits cannot be closed, with its id', async () => {
    const world = aWorld()
    const { id } = await world.asked()
    world.faults.failNext('store.commit', Infinity)

    expect(await toldOf(world)).toMatchObject({
      Status: 'FAILED',
      Reason: `1 requests could not be closed, such as ${id}. Delete the stack again, or keep it and lift the freeze with DELETE /freeze.`,
    })
  })

  it('END-07 says FAILED when it does not know, and the log has the cause, the answer not', async () => {
    const world = aWorld()
    await world.active()
    world.faults.failNext('ListPolicies', Infinity)

    const { Status, Reason, log } = await toldOf(world)

    expect(Status).toBe('FAILED')
    expect(Reason).toMatch(/could not be ended; see the log of the drain\. Delete the stack again, or keep it/)
    expect(Reason).not.toContain('Injected')
    expect(log).toContain('InjectedError')
    expect(log).not.toContain('signature=secret')
  })

  it('END-07 a second deletion after one that failed ends what was left', async () => {
    const world = aWorld()
    const { id } = await world.active()
    world.faults.failNext('DetachPolicy', Infinity)
    expect(await toldOf(world)).toMatchObject({ Status: 'FAILED' })
    world.faults.reset()

    expect(await toldOf(world)).toMatchObject({ Status: 'SUCCESS' })
    expect((await world.request(id)).status).toBe('ENDED')
  })

  it.each([
    ['without an address to answer to', { ...EVENT, ResponseURL: undefined }],
    ['of an unknown kind', { ...EVENT, RequestType: 'Drop' }],
    ['that is nothing', {}],
  ])('END-07 an event %s is an error, and nothing is ended', async (_, event) => {
    const world = aWorld()
    const { id } = await world.active()

    await expect(toldOf(world, event)).rejects.toThrow()
    expect((await world.request(id)).status).toBe('ACTIVE')
  })
})
