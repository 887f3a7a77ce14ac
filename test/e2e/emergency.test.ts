import { describe, expect, it } from '@jest/globals'
import * as z from 'zod/mini'
import { verifyChain } from '../../lambdas/domain/ledger.ts'
import { $Problem } from '../support/api-answers.ts'
import { approve } from '../support/approval-link.ts'
import { as, ask, attachedTo, jsonOf, mailsNow, mailsTo, requestOf, untilStatus } from '../support/the-house.ts'

const NOTES = { entitlement: 'notes-read', duration: 'PT20S', reason: 'to read what the last shift wrote' }
const PUMPS = { entitlement: 'pumps-run', duration: 'PT1M', reason: 'the cellar is full of water' }
const EMERGENCY = { ...PUMPS, breakGlass: true }

const $Preview = z.object({ decision: z.string(), because: z.optional(z.string()), caps: z.optional(z.json()) })
const $Linked = z.object({
  requestId: z.string(),
  notBefore: z.optional(z.string()),
  extends: z.optional(z.string()),
  extendedBy: z.optional(z.array(z.string())),
  because: z.optional(z.string()),
})

async function preview(body: object) {
  return $Preview.parse(jsonOf(await as('quinn').call('POST', '/requests/preview', body)))
}

async function linkedOf(requestId: string) {
  return $Linked.parse(jsonOf(await as('quinn').call('GET', `/requests/${requestId}`)))
}

function review(requestId: string, person: string) {
  const body = { verdict: 'justified', comment: 'the cellar was full of water' }
  return as(person).call('POST', `/requests/${requestId}/review`, body)
}

/** The grant of a request in force. */
async function inForce(requestId: string) {
  const { grant, events } = await untilStatus(requestId, 'ACTIVE')
  if (!grant) throw new Error(`request ${requestId} is ACTIVE without a grant`)
  expect(verifyChain(requestId, events).outcome).toBe('intact')
  return grant
}

describe('a rule in the place of people', () => {
  it('APP-07 REQ-10 approves up to its number, then people do, then the cap refuses', async () => {
    expect(await preview(NOTES)).toMatchObject({ decision: 'automatic', caps: { open: { most: 2, left: 2 } } })
    const first = await ask('quinn', NOTES)
    const { policyArn } = await inForce(first)
    expect(await attachedTo('quinn')).toContain(policyArn)
    const { events } = await requestOf(first)
    expect(events.map(({ type }) => type)).toEqual(['asked', 'approved', 'activated'])
    expect(await mailsNow('otto@acme.example', { requestId: first })).toEqual([])

    expect(await preview(NOTES)).toMatchObject({ decision: 'needs-approval' })
    const second = await ask('quinn', NOTES)
    await mailsTo('otto', { requestId: second })
    expect((await requestOf(second)).status).toBe('PENDING')
    const third = await as('quinn').call('POST', '/requests', NOTES)
    expect([third.status, $Problem.parse(jsonOf(third)).code]).toEqual([403, 'cap-reached'])

    await as('quinn').call('POST', `/requests/${first}/end`)
    await as('quinn').call('POST', `/requests/${second}/cancel`)
  })
})

describe('break-glass', () => {
  it('APP-11 is at once and loud; the next waits for a person until another closed the review', async () => {
    expect(await preview(EMERGENCY)).toMatchObject({ decision: 'break-glass' })
    const first = await ask('quinn', EMERGENCY)
    const { policyArn } = await inForce(first)
    expect(await attachedTo('quinn')).toContain(policyArn)
    for (const person of ['dana', 'otto', 'ruby']) {
      expect(await mailsTo(person, { subject: 'Emergency access: Quinn Quist', requestId: first })).toHaveLength(1)
    }

    expect(await preview(EMERGENCY)).toMatchObject({ decision: 'needs-approval', because: expect.any(String) })
    const answer = await as('quinn').call('POST', '/requests', EMERGENCY)
    const second = $Linked.parse(jsonOf(answer))
    expect([answer.status, second.because]).toEqual([202, expect.stringContaining(first)])
    await approve(second.requestId, 'otto')
    await inForce(second.requestId)

    expect((await review(first, 'quinn')).status).toBe(403)
    expect((await review(first, 'otto')).status).toBe(403)
    expect((await review(first, 'victor')).status).toBe(404)
    expect((await review(first, 'ruby')).status).toBe(200)
    expect((await review(first, 'ruby')).status).toBe(409)
    expect(await mailsTo('quinn', { subject: 'Reviewed: ', requestId: first })).toHaveLength(1)

    const third = await ask('quinn', EMERGENCY)
    await inForce(third)
    expect((await requestOf(third)).events.map(({ type }) => type)).toEqual(['asked', 'approved', 'activated'])
    for (const requestId of [first, second.requestId, third]) {
      expect((await as('quinn').call('POST', `/requests/${requestId}/end`)).status).toBe(200)
    }
  })
})

describe('an extension', () => {
  it('REQ-07 is approved like any other and begins where the grant in force ends', async () => {
    const old = await ask('quinn', PUMPS)
    await approve(old, 'otto')
    const before = await inForce(old)

    const answer = await as('quinn').call('POST', `/requests/${old}/extend`, {
      duration: 'PT30S',
      reason: 'the water is still there',
    })

    const { requestId } = $Linked.parse(jsonOf(answer))
    expect([answer.status, (await linkedOf(requestId)).extends]).toEqual([202, old])
    expect((await linkedOf(old)).extendedBy).toEqual([requestId])
    await approve(requestId, 'otto')
    const after = await inForce(requestId)
    expect(after.notBefore).toEqual(before.notAfter)
    expect(after.notAfter.getTime() - after.notBefore.getTime()).toBe(30_000)
    expect((await requestOf(old)).grant).toEqual(before)
    for (const id of [old, requestId]) await as('quinn').call('POST', `/requests/${id}/end`)
  })
})
