import { describe, expect, it } from '@jest/globals'
import { type MailFate, trackDelivery } from '../../lambdas/application/track-delivery.ts'
import { anAccessFile, anEntitlement, aStage } from '../support/an-access-file.ts'
import { aWorld, type World } from '../support/world.ts'

function aWorldWithOthers(): World {
  const stages = [aStage({ approvers: ['bob'], escalateTo: ['carol'] })]
  return aWorld({ access: anAccessFile({ entitlements: [anEntitlement({ stages, codeRequired: true })] }) })
}

function aFate(requestId: string, overrides: Partial<MailFate> = {}): MailFate {
  const about = { requestId, person: 'bob', kind: 'approval-asked' }
  return { how: 'bounce', messageId: 'mail-1', why: 'Permanent/General', about, ...overrides }
}

describe('a mail that was followed to its end', () => {
  it('FI-15 bounced, complained about, rejected or late: it is an event and a number, and the next approver is asked', async () => {
    for (const [how, metric] of [
      ['bounce', 'MailBounced'],
      ['complaint', 'MailComplained'],
      ['reject', 'MailRejected'],
      ['delay', 'MailDelayed'],
    ] as const) {
      const world = aWorldWithOthers()
      const { id } = await world.asked()
      world.clock.step(30)

      expect(await trackDelivery(world.deps, aFate(id, { how }))).toBe('passed-on')
      expect(world.workflow.answers).toEqual([{ kind: 'mail-bounced' }])
      await world.goOn(id)

      expect(world.metrics.counts).toEqual([{ [metric]: 1 }])
      expect(await world.events(id)).toEqual([
        ...['asked', 'approvers-asked', 'mail-bounced', 'escalated', 'approvers-asked'],
      ])
      expect((await world.details(id))[2]).toEqual({
        kind: 'approval-asked',
        to: 'bob',
        how,
        why: 'Permanent/General',
        message: 'mail-1',
      })
      expect(world.announcer.told.at(-1)).toBe('approval-asked carol')
      expect(world.announcer.of('mail-failed-to-admin')).toEqual([])
    }
  })

  it('NOT-02 told again, or by two at once, does nothing twice', async () => {
    const world = aWorldWithOthers()
    const { id } = await world.asked()

    await Promise.all([trackDelivery(world.deps, aFate(id)), trackDelivery(world.deps, aFate(id))])
    await world.goOn(id)
    expect(await trackDelivery(world.deps, aFate(id))).toBe('repeated')

    expect(world.workflow.answers).toEqual([{ kind: 'mail-bounced' }])
    expect((await world.events(id)).filter(type => type === 'mail-bounced' || type === 'escalated')).toHaveLength(2)
  })

  it('NOT-02 told again after a run that broke off at any call is passed on all the same, with one event', async () => {
    for (const call of ['store.history', 'metrics.count', 'store.commit', 'taskTokens.find', 'workflow.askOthers']) {
      for (const moment of ['before', 'after'] as const) {
        const world = aWorldWithOthers()
        const { id } = await world.asked()
        world.faults.failNext(call, 1, moment)

        await trackDelivery(world.deps, aFate(id)).catch(() => {})
        await trackDelivery(world.deps, aFate(id))

        expect([call, moment, world.workflow.answers]).toEqual([call, moment, [{ kind: 'mail-bounced' }]])
        expect(await world.events(id)).toEqual(['asked', 'approvers-asked', 'mail-bounced'])
      }
    }
  })

  it('FI-15 is passed on even when it cannot be counted', async () => {
    const world = aWorldWithOthers()
    const { id } = await world.asked()
    world.faults.failNext('metrics.count', 3)

    await expect(trackDelivery(world.deps, aFate(id))).rejects.toThrow('metrics.count')

    expect(world.workflow.answers).toEqual([{ kind: 'mail-bounced' }])
    expect(await world.events(id)).toEqual(['asked', 'approvers-asked', 'mail-bounced'])
  })

  it('NOT-02 to an approver whom nobody can be asked instead of is told to the administrators', async () => {
    const world = aWorld()
    const { id } = await world.asked()

    expect(await trackDelivery(world.deps, aFate(id))).toBe('recorded')

    expect(world.workflow.answers).toEqual([])
    expect(world.announcer.told.at(-1)).toBe('mail-failed-to-admin adam')
    expect(await world.events(id)).toEqual(['asked', 'approvers-asked', 'mail-bounced'])
  })

  it('NOT-02 that asked for nothing is an event and told to the administrators, but a late one, and escalates nothing', async () => {
    const world = aWorldWithOthers()
    const { id } = await world.asked()
    const about = { requestId: id, person: 'alice', kind: 'asked' }

    expect(await trackDelivery(world.deps, aFate(id, { about }))).toBe('recorded')
    expect(await trackDelivery(world.deps, aFate(id, { about, how: 'delay', messageId: 'mail-2' }))).toBe('recorded')

    expect(world.announcer.told.filter(told => told.startsWith('mail-failed'))).toEqual(['mail-failed-to-admin adam'])
    expect(world.workflow.answers).toEqual([])
  })

  it('NOT-02 to an administrator about a mail that failed is told to nobody, and another one to the other administrators', async () => {
    const world = aWorld({ access: anAccessFile({ admins: ['adam', 'erin'] }) })
    const { id } = await world.asked()
    const told = world.announcer.told.length
    const failed = { requestId: id, person: 'adam', kind: 'mail-failed-to-admin' }
    const granted = { requestId: id, person: 'adam', kind: 'granted-to-admin' }

    await trackDelivery(world.deps, aFate(id, { about: failed }))
    expect(world.announcer.told).toHaveLength(told)
    await trackDelivery(world.deps, aFate(id, { about: granted, messageId: 'mail-2' }))

    expect(world.announcer.told.slice(told)).toEqual(['mail-failed-to-admin erin'])
    expect((await world.events(id)).slice(2)).toEqual(['mail-bounced', 'mail-bounced'])
  })

  it('NOT-02 to somebody who has answered, or of a stage that is passed, asks nobody', async () => {
    const world = aWorldWithOthers()
    const { id } = await world.asked()
    await world.decide('bob', { decision: 'deny' })
    world.workflow.answers.length = 0

    expect(await trackDelivery(world.deps, aFate(id))).toBe('recorded')
    expect(world.workflow.answers).toEqual([])
    expect((await world.request(id)).status).toBe('DENIED')
  })

  it('NOT-02 that arrived is a number and no more', async () => {
    const world = aWorldWithOthers()
    const { id } = await world.asked()

    expect(await trackDelivery(world.deps, aFate(id, { how: 'delivery' }))).toBe('counted')
    expect(world.metrics.counts).toEqual([{ MailDelivered: 1 }])
    expect(await world.events(id)).toHaveLength(2)
  })

  it('NOT-02 of no request of ours is counted as that, and nothing breaks', async () => {
    const world = aWorld()
    const { about: _, ...untagged } = aFate('none')

    expect(await trackDelivery(world.deps, aFate('01JQ0000000000000000000000'))).toBe('unknown')
    expect(await trackDelivery(world.deps, untagged)).toBe('unknown')
    expect(world.metrics.counts).toEqual([
      { MailBounced: 1, MailUntracked: 1 },
      { MailBounced: 1, MailUntracked: 1 },
    ])
  })
})
