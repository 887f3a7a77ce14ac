import { DeleteRolePolicyCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import { describe, expect, it } from '@jest/globals'
import { verifyChain } from '../../lambdas/domain/ledger.ts'
import { approve, decide, linkOf, openPage, postForm, seenOf } from '../support/approval-link.ts'
import {
  admin,
  as,
  ask,
  attachedTo,
  jsonOf,
  mailsNow,
  mailsTo,
  policyExists,
  requestOf,
  roleNameOf,
  untilStatus,
} from '../support/the-house.ts'
import { until } from '../support/until.ts'

const ORDERS_READ = {
  entitlement: 'orders-read',
  duration: 'PT5S',
  reason: 'a customer misses an order',
  parameters: { bucket: 'acme-orders-2026' },
} as const
const LOGS_READ = { ...ORDERS_READ, entitlement: 'logs-read', parameters: { logGroup: '/aws/lambda/acme-checkout' } }
const TABLE_REPAIR = { ...ORDERS_READ, entitlement: 'table-repair', parameters: {} }
const STATUS_READ = { ...ORDERS_READ, entitlement: 'status-read', parameters: { queue: 'acme-orders' } }

async function eventTypesOf(requestId: string): Promise<readonly string[]> {
  const { events } = await requestOf(requestId)
  expect(verifyChain(requestId, events).outcome).toBe('intact')
  return events.map(({ type }) => type)
}

describe('a denial', () => {
  it('APP-01 ends the request without a grant, is kept with its comment, and the requester alone is told', async () => {
    const requestId = await ask('bob', ORDERS_READ)

    const page = await decide('deny', requestId, 'carol', 'use the report instead')

    const denied = await untilStatus(requestId, 'DENIED')
    expect(page.text).toContain('You denied it')
    expect(denied.grant).toBeUndefined()
    expect(denied.decisions).toEqual([{ decision: 'deny', approver: 'carol', comment: 'use the report instead' }])
    expect(await eventTypesOf(requestId)).toEqual(['asked', 'approvers-asked', 'denied'])
    const [mail] = await mailsTo('bob', { subject: 'Denied: ', requestId })
    expect(mail?.text).toContain('use the report instead')
    expect(await mailsNow('dana@acme.example', { requestId })).toEqual([])
  })
})

describe('a request taken back', () => {
  it('REQ-07 is cancelled, its link dies, and a second cancel is 409', async () => {
    const requestId = await ask('bob', ORDERS_READ)
    const { url, code } = await linkOf('carol', requestId)
    const seen = seenOf(await openPage(url))

    const first = await as('bob').call('POST', `/requests/${requestId}/cancel`)
    const second = await as('bob').call('POST', `/requests/${requestId}/cancel`)

    expect([first.status, second.status]).toEqual([200, 409])
    expect(jsonOf(second)).toMatchObject({ code: 'not-pending', requestId })
    const late = await postForm(url, { decision: 'approve', seen, code })
    expect([late.status, late.text.includes('The requester has taken this request back')]).toEqual([409, true])
    expect(await eventTypesOf(requestId)).toEqual(['asked', 'approvers-asked', 'cancelled'])
  })

  it('REQ-07 by anybody but the requester is 404 and changes nothing', async () => {
    const requestId = await ask('bob', ORDERS_READ)
    await linkOf('carol', requestId)

    const answers = await Promise.all(
      ['alice', 'carol', 'dana', 'erin'].map(person => as(person).call('POST', `/requests/${requestId}/cancel`)),
    )

    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404])
    expect((await requestOf(requestId)).status).toBe('PENDING')
  })

  it('APP-10 while it is approved is either cancelled or granted, never both', async () => {
    const requestIds = await Promise.all(Array.from({ length: 6 }, () => ask('bob', LOGS_READ)))
    const links = await Promise.all(requestIds.map(requestId => linkOf('carol', requestId)))

    const races = await Promise.all(
      links.map(async ({ url }, index) => {
        const seen = seenOf(await openPage(url))
        const requestId = requestIds[index] ?? ''
        const [posted, cancelled] = await Promise.all([
          postForm(url, { decision: 'approve', seen }),
          as('bob').call('POST', `/requests/${requestId}/cancel`),
        ])
        return { requestId, statuses: [posted.status, cancelled.status] }
      }),
    )

    for (const { requestId, statuses } of races) {
      const isCancelled = statuses[1] === 200
      expect(statuses).toEqual(isCancelled ? [409, 200] : [200, 409])
      const request = await untilStatus(requestId, isCancelled ? 'CANCELLED' : 'ENDED', 40)
      expect(request.events.filter(({ type }) => type === 'approved' || type === 'cancelled')).toHaveLength(1)
      expect(request.grant === undefined).toBe(isCancelled)
    }
  })
})

describe('the ladder', () => {
  it('APP-06 reminds with links that work, then gives the request up and tells the requester', async () => {
    const requestId = await ask('bob', STATUS_READ)

    const reminders = await mailsTo('frank', { subject: 'Reminder: ', requestId })
    const { url } = await linkOf('frank', requestId)
    expect((await openPage(url)).status).toBe(200)
    const { events, answerBy, askedAt, grant } = await untilStatus(requestId, 'UNANSWERED', 40)

    expect(reminders).toHaveLength(1)
    expect(events.map(({ type }) => type)).toEqual(['asked', 'approvers-asked', 'approvers-reminded', 'unanswered'])
    const secondsAfter = events.map(({ at }) => (at.getTime() - askedAt.getTime()) / 1000)
    expect(secondsAfter[2]).toBeGreaterThanOrEqual(4)
    expect(events[3]?.at.getTime()).toBeGreaterThanOrEqual(answerBy?.getTime() ?? Infinity)
    expect(secondsAfter[3]).toBeLessThan(20)
    expect(grant).toBeUndefined()
    expect(await mailsTo('bob', { subject: 'Not answered: ', requestId })).toHaveLength(1)
    expect((await openPage(url)).status).toBe(404)
  })

  it('APP-06 the link of the first mail still works after the reminder', async () => {
    const requestId = await ask('bob', STATUS_READ)
    const { url, code } = await linkOf('frank', requestId)
    await mailsTo('frank', { subject: 'Reminder: ', requestId })

    const answer = await postForm(url, { decision: 'approve', seen: seenOf(await openPage(url)), code })

    expect(answer.status).toBe(200)
    expect((await untilStatus(requestId, 'ENDED', 40)).endCause).toBe('expired')
  })
})

describe('one link', () => {
  it('APP-10 FI-8: posted 200 times at once has one winner and one approved event', async () => {
    const requestId = await ask('bob', { ...LOGS_READ, duration: 'PT20S' })
    const { url } = await linkOf('carol', requestId)
    const seen = seenOf(await openPage(url))

    const answers = await Promise.all(Array.from({ length: 200 }, () => postForm(url, { decision: 'approve', seen })))

    const winners = answers.filter(({ status }) => status === 200)
    const losers = answers.filter(({ status }) => status !== 200)
    expect(winners).toHaveLength(1)
    expect(
      [...new Set(losers.map(({ status }) => status))].filter(status => ![404, 409, 429].includes(status)),
    ).toEqual([])
    const { decisions, events } = await untilStatus(requestId, 'ACTIVE')
    expect(decisions).toHaveLength(1)
    expect(events.filter(({ type }) => type === 'approved')).toHaveLength(1)
    expect(verifyChain(requestId, events).outcome).toBe('intact')
    expect(await mailsNow('bob@acme.example', { subject: 'Granted: ', requestId })).toHaveLength(1)
  })

  it('APP-10 clicked twice with its code approves once, and the second click says so', async () => {
    const requestId = await ask('bob', ORDERS_READ)
    const { url, code } = await linkOf('carol', requestId)
    const form = { decision: 'approve', seen: seenOf(await openPage(url)), code } as const

    const statuses = (await Promise.all([postForm(url, form), postForm(url, form)])).map(({ status }) => status)

    expect(statuses.filter(status => status === 200)).toHaveLength(1)
    expect(statuses.filter(status => status === 404 || status === 409)).toHaveLength(1)
    expect((await untilStatus(requestId, 'ENDED', 40)).decisions).toHaveLength(1)
  })
})

describe('a stage of two', () => {
  it('APP-05 grants after the second person, not after the first, and neither counts twice', async () => {
    const requestId = await ask('bob', TABLE_REPAIR)
    const ofDana = await linkOf('dana', requestId)

    await approve(requestId, 'carol')
    const between = await requestOf(requestId)
    await approve(requestId, 'dana')
    const ended = await untilStatus(requestId, 'ENDED', 40)

    expect([between.status, between.grant, between.decisions.length]).toEqual(['PENDING', undefined, 1])
    expect(ended.decisions.map(({ approver }) => approver)).toEqual(['carol', 'dana'])
    expect(ended.events.map(({ type }) => type)).toEqual([
      'asked',
      'approvers-asked',
      'decided',
      'approved',
      'activated',
      'ended',
    ])
    expect((await openPage(ofDana.url)).status).toBe(404)
  })

  it('APP-05 ends with the denial of the second, although the first approved', async () => {
    const requestId = await ask('bob', TABLE_REPAIR)

    await approve(requestId, 'carol')
    await decide('deny', requestId, 'dana')

    expect((await untilStatus(requestId, 'DENIED')).grant).toBeUndefined()
    expect(await attachedTo('bob')).toEqual((await attachedTo('bob')).filter(arn => !arn.endsWith(requestId)))
  })
})

describe('who sees and who decides', () => {
  it('APP-05 a requester who is also an approver is neither asked nor counted', async () => {
    const requestId = await ask('carol', LOGS_READ)
    await linkOf('bob', requestId)

    const { stages } = await requestOf(requestId)

    expect(stages[0]?.approvers).toEqual(['bob', 'dana'])
    expect(await mailsNow('carol@acme.example', { subject: ' asks: ', requestId })).toEqual([])
  })

  it('REQ-08 requester, approver, administrator and auditor see the request with its events, a stranger 404', async () => {
    const requestId = await ask('bob', ORDERS_READ)
    await linkOf('carol', requestId)
    const statusFor = async (person: string) => (await as(person).call('GET', `/requests/${requestId}`)).status

    const statuses = await Promise.all(['bob', 'carol', 'dana', 'erin', 'alice', 'victor'].map(statusFor))

    expect(statuses).toEqual([200, 200, 200, 200, 404, 404])
  })

  it('AUD-07 no answer of the API holds a link, its token or its code', async () => {
    const requestId = await ask('bob', ORDERS_READ)
    const { url, code } = await linkOf('carol', requestId)
    const token = url.slice(url.lastIndexOf('/') + 1)

    for (const person of ['bob', 'carol', 'erin']) {
      const { text } = await as(person).call('GET', `/requests/${requestId}`)
      expect([text.includes(token), text.includes(code), text.includes('/decide/')]).toEqual([false, false, false])
    }
  })
})

describe('a mail that cannot be sent', () => {
  it('NOT-02 to one approver is recorded, with whom and why, and the other approver still decides', async () => {
    const lift = await refuseMailTo('frank@acme.example')
    try {
      const requestId = await ask('bob', STATUS_READ)
      await until('the failure is recorded', 20, async () =>
        (await eventTypesOf(requestId)).includes('mail-failed') ? true : undefined,
      )
      await approve(requestId, 'carol')

      const { events, receipt } = await untilStatus(requestId, 'ENDED', 40)
      const failure = events.find(({ type }) => type === 'mail-failed')
      expect(failure?.details).toMatchObject({ kind: 'approval-asked', to: 'frank', why: expect.stringMatching(/\S/) })
      expect(events.map(({ type }) => type)).toContain('approved')
      expect(await policyExists(receipt?.policyArn ?? '')).toBe(false)
    } finally {
      await lift()
    }
  })

  it('NOT-02 to every approver fails the request, says so, and grants nothing', async () => {
    const lift = await refuseMailTo('frank@acme.example', 'carol@acme.example')
    try {
      const requestId = await ask('bob', STATUS_READ)

      const { events, grant } = await untilStatus(requestId, 'FAILED', 40)

      expect(events.filter(({ type }) => type === 'mail-failed').map(({ details }) => details.to)).toEqual([
        'frank',
        'carol',
      ])
      expect(events.at(-1)?.type).toBe('failed')
      expect(grant).toBeUndefined()
    } finally {
      await lift()
    }
  })
})

/** An administrator's Deny that keeps the function that asks from mailing these addresses; gives back how to lift it. */
async function refuseMailTo(...addresses: readonly string[]): Promise<() => Promise<unknown>> {
  const RoleName = await roleNameOf('AskApprovers')
  const barred = { RoleName, PolicyName: 'mail-barred' }
  const Condition = { 'ForAnyValue:StringEquals': { 'ses:Recipients': addresses } }
  const Statement = [{ Effect: 'Deny', Action: 'ses:SendEmail', Resource: '*', Condition }]
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
  await admin.iam.send(new PutRolePolicyCommand({ ...barred, PolicyDocument }))
  return () => admin.iam.send(new DeleteRolePolicyCommand(barred))
}
