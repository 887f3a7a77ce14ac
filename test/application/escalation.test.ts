import { describe, expect, it } from '@jest/globals'
import type { Entitlement } from '../../lambdas/domain/access-file.ts'
import { toInstant } from '../../lambdas/domain/instant.ts'
import { note } from '../../lambdas/domain/lifecycle.ts'
import { anAccessFile, anEntitlement, aStage } from '../support/an-access-file.ts'
import { aWorld, type World } from '../support/world.ts'

const LADDER = { remindAfterSeconds: 900, escalateAfterSeconds: 1800, unansweredAfterSeconds: 14_400 }

function aLadderWorld(overrides: Partial<Entitlement> = {}): World {
  const stages = [aStage({ approvers: ['bob', 'carol'], escalateTo: ['dave', 'alice', 'bob'] })]
  const entitlement = anEntitlement({ codeRequired: true, ladder: LADDER, stages, ...overrides })
  return aWorld({ access: anAccessFile({ entitlements: [entitlement] }) })
}

/** What track-delivery writes of a mail to this approver that bounced. */
async function bounced(world: World, requestId: string, to: string): Promise<void> {
  const at = world.clock.now()
  const details = { kind: 'approval-asked', to, how: 'bounce', message: 'm-1' }
  const request = await world.request(requestId)
  await world.store.commit(note(request, { type: 'mail-bounced', at, actor: { service: 'mail' }, details }))
}

describe('a stage that nobody answers', () => {
  it('APP-06 is reminded of, then goes on to others, each once and at its time, and an approval of theirs counts', async () => {
    const world = aLadderWorld()
    const { id } = await world.asked()
    expect(world.workflow.started.get(id)).toEqual({ firstWaitSeconds: 900 })
    world.clock.step(899)
    expect((await world.climb(id)).ask).toEqual({ rung: 1, timeoutSeconds: 1, begins: 'quietly' })
    world.clock.step(1)
    expect((await world.goOn(id)).ask).toEqual({ rung: 1, timeoutSeconds: 900 })
    world.clock.step(900)
    const told = world.announcer.told.length

    expect((await world.goOn(id, 1)).ask).toEqual({ rung: 2, timeoutSeconds: 300, begins: 'escalated' })

    expect(world.announcer.told.slice(told)).toEqual([
      'approval-asked dave',
      'escalated-further bob',
      'escalated-further carol',
    ])
    expect(await world.events(id)).toEqual([
      ...['asked', 'approvers-asked', 'approvers-reminded', 'escalated', 'approvers-asked'],
    ])
    expect((await world.details(id)).slice(3)).toMatchObject([
      { stage: 'owner', to: ['dave'], why: 'time' },
      { stage: 'owner', approvers: ['dave'] },
    ])
    world.clock.step(300)
    expect((await world.climb(id, 2)).ask).toEqual({ rung: 3, timeoutSeconds: 12_300, begins: 'quietly' })
    expect(await world.decide('dave')).toMatchObject({ outcome: 'decided', verdict: 'approved' })
    expect((await world.request(id)).stages).toMatchObject([{ approvers: ['bob', 'carol', 'dave'] }])
  })

  it('APP-06 can still be answered by who was asked first, by the link of their first mail', async () => {
    const world = aLadderWorld()
    const { id } = await world.asked()
    const { token, code } = world.mailTo('bob')
    world.clock.step(1800)
    await world.goOn(id)

    expect(await world.answer(token, { code })).toMatchObject({ outcome: 'decided', verdict: 'approved' })
  })

  it('APP-05 who asked is never asked to approve it by an escalation', async () => {
    const world = aLadderWorld()
    const { id } = await world.asked()
    world.clock.step(1800)
    await world.goOn(id)

    expect(await world.sign(id, 'alice')).toMatchObject({ outcome: 'refused', why: 'own-request' })
    expect((await world.request(id)).stages.flatMap(({ approvers }) => approvers)).not.toContain('alice')
  })

  it('APP-06 asks the others again in five minutes if the first try broke off, and not once it has not', async () => {
    const world = aLadderWorld()
    const { id } = await world.asked()
    world.clock.step(1800)
    const climbed = await world.climb(id)
    world.faults.failNext('links.put')
    await expect(world.askApprovers(id, climbed.ask.rung, climbed.ask.begins)).rejects.toThrow('links.put')
    world.clock.step(climbed.ask.timeoutSeconds)

    expect((await world.goOn(id, climbed.ask.rung)).ask.begins).toBe('escalated')
    expect(world.announcer.told.filter(told => told === 'approval-asked dave')).toHaveLength(1)
    expect((await world.climb(id, 2)).ask.begins).toBe('quietly')
    expect((await world.events(id)).filter(type => type === 'escalated')).toHaveLength(1)
  })

  it('APP-06 is given up by the ask, escalated or not, and its ladder counts only working hours where it says so', async () => {
    const hours = {
      timezone: 'UTC',
      spans: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'] as const, from: '09:00', to: '10:30' }],
      holidays: [],
    }
    const ladder = { ...LADDER, isWithinHours: true }
    const entitlement = anEntitlement({ ladder, stages: [aStage({ escalateTo: ['dave'] })] })
    const world = aWorld({ access: anAccessFile({ hours, entitlements: [entitlement] }) })

    const { id, answerBy } = await world.asked()

    expect(toInstant(answerBy)).toBe('2027-03-04T09:30:00Z')
    expect(world.workflow.started.get(id)).toEqual({ firstWaitSeconds: 900 })
    expect((await world.details(id))[0]).toMatchObject({ offHours: { asked: false, window: true } })
    world.clock.setTo(answerBy)
    expect((await world.climb(id)).outcome).toBe('over')
  })
})

describe('a mail that bounces', () => {
  it('FI-15 while the execution waits for the next climb is found by it, and others are asked at once', async () => {
    const world = aLadderWorld()
    const { id } = await world.asked()
    world.clock.step(60)
    await bounced(world, id, 'bob')

    const { ask } = await world.goOn(id)

    expect(ask.begins).toBe('escalated')
    expect((await world.details(id)).at(-2)).toMatchObject({ to: ['dave'], why: 'mail-bounced' })
    // Bob does not get mails, so he is not sent one more.
    expect(world.announcer.told.slice(-2)).toEqual(['approval-asked dave', 'escalated-further carol'])
  })

  it('FI-15 between two waits is found by the one that begins, which ends at once', async () => {
    const world = aLadderWorld()
    const { id } = await world.asked()
    world.clock.step(900)
    const { ask } = await world.climb(id)
    await bounced(world, id, 'bob')

    expect(await world.askApprovers(id, ask.rung, ask.begins)).toMatchObject({ outcome: 'passed-on' })

    expect(world.workflow.answers).toEqual([{ kind: 'mail-bounced' }])
    expect((await world.goOn(id, 1)).ask.begins).toBe('escalated')
    expect(await world.events(id)).not.toContain('approvers-reminded')
  })

  it('NOT-02 a mail that SES does not take is passed on at once, even when it was the only one', async () => {
    const world = aLadderWorld({ stages: [aStage({ escalateTo: ['dave'] })] })
    world.announcer.unreachable.add('bob')
    const { id } = await world.asked()
    expect(world.workflow.answers).toEqual([{ kind: 'mail-bounced' }])

    await world.goOn(id)

    expect(world.announcer.told).toContain('approval-asked dave')
    expect(await world.decide('dave')).toMatchObject({ outcome: 'decided', verdict: 'approved' })
  })

  it('NOT-02 a mail to the last who could be asked is told to the administrators', async () => {
    const world = aLadderWorld()
    const { id } = await world.asked()
    world.announcer.unreachable.add('dave')
    world.clock.step(1800)
    await world.goOn(id)

    expect(world.announcer.told.at(-1)).toBe('mail-failed-to-admin adam')
    expect(world.announcer.of('mail-failed-to-admin')[0]).toMatchObject({ recipient: { id: 'dave' }, how: 'not-sent' })
  })

  it('APP-06 of an entitlement that left the access file goes on to others once, and never in a circle', async () => {
    const world = aLadderWorld()
    const { id } = await world.asked()
    const without = { ...world.deps.access, entitlements: {} }
    world.deps.access = without
    await bounced(world, id, 'bob')

    expect((await world.climb(id)).ask.begins).toBe('escalated')
    await world.askApprovers(id, 1, 'escalated')

    expect(world.workflow.answers).toEqual([])
    expect((await world.climb(id, 1)).ask).toMatchObject({ begins: 'quietly' })
  })
})
