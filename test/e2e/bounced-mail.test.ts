import { describe, expect, it } from '@jest/globals'
import { verifyChain } from '../../lambdas/domain/ledger.ts'
import { aMailEvent } from '../support/a-mail-event.ts'
import { approve, linkOf } from '../support/approval-link.ts'
import { sesSays } from '../support/ses-says.ts'
import { ask, house, mailsNow, mailsTo, requestOf, untilStatus } from '../support/the-house.ts'
import { until } from '../support/until.ts'

const DIALS_READ = { entitlement: 'dials-read', duration: 'PT5S', reason: 'the dials went quiet' } as const

const says = (message: string) => sesSays(house.emulator, message)

async function typesOf(requestId: string): Promise<readonly string[]> {
  const { events } = await requestOf(requestId)
  expect(verifyChain(requestId, events).outcome).toBe('intact')
  return events.map(({ type }) => type)
}

describe('a mail that bounces', () => {
  it('FI-15 has the next approver asked within five minutes, who approves; told twice it does so once', async () => {
    const requestId = await ask('uma', DIALS_READ)
    await linkOf('udo', requestId)
    const bounce = JSON.stringify(aMailEvent('Bounce', { request: requestId, person: 'udo' }))
    const bouncedAt = Date.now()

    await says('Successfully validated SNS topic for Amazon SES event publishing.')
    await says(bounce)
    const [mail] = await mailsTo('vera', { subject: 'Passed on to you: ', requestId })

    expect(Date.now() - bouncedAt).toBeLessThan(5 * 60_000)
    expect(mail?.text.replaceAll(/\s+/g, ' ')).toContain(
      'Udo Unger was asked first, and a mail about it did not arrive',
    )
    await says(bounce)
    await approve(requestId, 'vera')
    const { stages } = await untilStatus(requestId, 'ENDED', 60)
    expect(await typesOf(requestId)).toEqual([
      ...['asked', 'approvers-asked', 'mail-bounced', 'escalated', 'approvers-asked'],
      ...['approved', 'activated', 'ended'],
    ])
    expect(stages).toMatchObject([{ approvers: ['udo', 'vera'] }])
    expect(await mailsNow('dana@acme.example', { subject: 'did not arrive', requestId })).toEqual([])
  })

  it('NOT-02 to somebody whom nobody can be asked instead of is told to the administrators', async () => {
    const requestId = await ask('uma', DIALS_READ)
    await linkOf('udo', requestId)

    await says(JSON.stringify(aMailEvent('Complaint', { request: requestId, person: 'uma', kind: 'asked' })))

    const [mail] = await mailsTo('dana', { subject: 'A mail did not arrive: Uma Ulf', requestId })
    expect(mail?.text).toContain('Complained about')
    const types = await until('the event is there', 20, async () => {
      const now = await typesOf(requestId)
      return now.includes('mail-bounced') ? now : undefined
    })
    expect(types).toEqual(['asked', 'approvers-asked', 'mail-bounced'])
    expect((await requestOf(requestId)).status).toBe('PENDING')
  })
})
