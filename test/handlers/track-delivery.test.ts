import { describe, expect, it } from '@jest/globals'
import { createHandler } from '../../lambdas/handlers/track-delivery/handler.ts'
import { aMailEvent, aTopicDelivery } from '../support/a-mail-event.ts'
import { anAccessFile, anEntitlement, aStage } from '../support/an-access-file.ts'
import { aWorld, type World } from '../support/world.ts'
import { loggerInto } from './routes.ts'

function aTracker(world: World = aWorld()) {
  const lines: string[] = []
  return { world, lines, track: createHandler(world.deps, loggerInto(lines)) }
}

describe('the function that follows mails', () => {
  it.each([
    ['Bounce', 'bounce', 'Permanent/General', 'MailBounced'],
    ['Complaint', 'complaint', 'abuse', 'MailComplained'],
    ['Reject', 'reject', 'Bad content', 'MailRejected'],
    ['DeliveryDelay', 'delay', 'MailboxFull', 'MailDelayed'],
  ] as const)(
    'NOT-02 FI-15 takes a %s of SES as it comes, and asks the next approver',
    async (type, how, why, metric) => {
      const stages = [aStage({ escalateTo: ['carol'] })]
      const { world, lines, track } = aTracker(
        aWorld({ access: anAccessFile({ entitlements: [anEntitlement({ stages })] }) }),
      )
      const { id } = await world.asked()

      expect(await track(aTopicDelivery(aMailEvent(type, { request: id, person: 'bob' })))).toEqual({
        outcomes: ['passed-on'],
      })

      expect((await world.details(id)).at(-1)).toMatchObject({ how, why, to: 'bob', kind: 'approval-asked' })
      expect(world.metrics.counts).toEqual([{ [metric]: 1 }])
      expect(lines).toHaveLength(1)
      expect(lines.join('')).not.toMatch(/@example|recipient/)
    },
  )

  it('NOT-02 counts a delivery and logs nothing of it', async () => {
    const { world, lines, track } = aTracker()
    const { id } = await world.asked()

    expect(await track(aTopicDelivery(aMailEvent('Delivery', { request: id, person: 'bob' })))).toEqual({
      outcomes: ['counted'],
    })
    expect(world.metrics.counts).toEqual([{ MailDelivered: 1 }])
    expect(lines).toEqual([])
  })

  it.each([
    ['the sentence SES writes to a new topic', 'Successfully validated SNS topic for Amazon SES event publishing.'],
    ['no JSON', '{'],
    ['JSON of something else', '{"eventType":"Open"}'],
    ['null', 'null'],
    ['an event without a mail', '{"eventType":"Bounce","bounce":{}}'],
    [
      'a tag that is no list',
      JSON.stringify({ ...aMailEvent('Bounce'), mail: { messageId: 'm', tags: { kind: 'x' } } }),
    ],
    ['a word that is free text', JSON.stringify(aMailEvent('Bounce')).replace('General', '<script>')],
  ])('NOT-02 counts %s and leaves it: nothing is thrown, so nothing is tried again', async (_, message) => {
    const { world, lines, track } = aTracker()

    expect(await track({ Records: [{ Sns: { Message: message } }] })).toEqual({ outcomes: ['not-a-mail'] })
    expect(world.metrics.counts).toEqual([{ MailUntracked: 1 }])
    expect(lines).toHaveLength(1)
    expect(lines.join('')).not.toContain('script')
  })

  it('NOT-02 leaves mails of others, without our tags, alone', async () => {
    const { world, track } = aTracker()
    const { tags: _, ...mail } = aMailEvent('Bounce').mail

    expect(await track(aTopicDelivery({ ...aMailEvent('Bounce'), mail }))).toEqual({ outcomes: ['unknown'] })
    expect(world.metrics.counts).toEqual([{ MailBounced: 1, MailUntracked: 1 }])
  })

  it('NOT-02 fails when the table does, so that Lambda tries again and keeps in the queue what it could not do', async () => {
    const { world, track } = aTracker()
    const { id } = await world.asked()
    world.faults.failNext('store.history')

    await expect(track(aTopicDelivery(aMailEvent('Bounce', { request: id })))).rejects.toThrow('store.history')
    await expect(track({ not: 'of a topic' })).rejects.toThrow()
  })
})
