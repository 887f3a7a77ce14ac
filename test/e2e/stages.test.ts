import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { beforeAll, describe, expect, it } from '@jest/globals'
import * as z from 'zod/mini'
import { verifyChain } from '../../lambdas/domain/ledger.ts'
import { linkOf, openPage, postForm, seenOf } from '../support/approval-link.ts'
import {
  admin,
  as,
  ask,
  jsonOf,
  mailsNow,
  mailsTo,
  requestOf,
  untilInstant,
  untilStatus,
} from '../support/the-house.ts'

const LEDGER = { entitlement: 'ledger-read', duration: 'PT4M', reason: 'a payment was booked twice', parameters: {} }
const VAULT = { ...LEDGER, entitlement: 'vault-read', duration: 'PT10S' }
const OBJECT = { Bucket: 'acme-ledger', Key: 'march.csv' }
const $Decidable = z.object({ seen: z.string(), decidable: z.object({ stage: z.string(), number: z.number() }) })

async function toDecide(person: string, requestId: string) {
  return $Decidable.parse(jsonOf(await as(person).call('GET', `/requests/${requestId}`)))
}

function sign(person: string, requestId: string, body: object) {
  return as(person).call('POST', `/requests/${requestId}/decision`, body)
}

beforeAll(async () => {
  await admin.s3.send(new CreateBucketCommand({ Bucket: OBJECT.Bucket }))
  await admin.s3.send(new PutObjectCommand({ ...OBJECT, Body: 'day,amount\n' }))
})

describe('two stages', () => {
  it('APP-05 APP-08 APP-09 two owners and one of security agree, by link and by signature, and the last one shortens it', async () => {
    const requestId = await ask('stan', LEDGER)
    const ofOmar = await linkOf('omar', requestId)
    const ofOlga = await linkOf('olga', requestId)
    expect(await mailsNow('sara@acme.example', { requestId })).toEqual([])

    const shown = await toDecide('olga', requestId)
    expect(shown.decidable).toEqual({ stage: 'owners', number: 1 })
    const early = await sign('sara', requestId, { decision: 'approve', seen: shown.seen })
    expect([early.status, jsonOf(early)]).toMatchObject([403, { code: 'not-an-approver' }])
    const signed = await sign('olga', requestId, { decision: 'approve', seen: shown.seen, comment: 'the owner agrees' })
    expect([signed.status, jsonOf(signed)]).toMatchObject([200, { status: 'PENDING', decisions: [{ via: 'signed' }] }])
    expect((await openPage(ofOlga.url)).status).toBe(409)
    const page = await openPage(ofOmar.url)
    for (const said of [
      'owners, 1 of 2',
      'Olga Olsen',
      'by a signed call',
      'the owner agrees',
      'Then one more stage',
    ]) {
      expect(page.text).toContain(said)
    }
    await postForm(ofOmar.url, { decision: 'approve', seen: seenOf(page), code: ofOmar.code })

    const ofSara = await linkOf('sara', requestId)
    const last = await openPage(ofSara.url)
    expect(last.text).toContain('security, 2 of 2')
    const form = { decision: 'approve', seen: seenOf(last), code: ofSara.code } as const
    const tooLong = await postForm(ofSara.url, { ...form, duration: 'PT5M' })
    expect([tooLong.status, tooLong.text.includes('5 seconds to 4 minutes')]).toEqual([400, true])
    const done = await postForm(ofSara.url, { ...form, duration: 'PT15S' })
    expect([done.status, done.text.includes('15 seconds, allowed by Sara Sand')]).toEqual([200, true])

    const active = await untilStatus(requestId, 'ACTIVE')
    const { grant } = active
    if (!grant) throw new Error('no grant')
    expect(grant.notAfter.getTime() - grant.notBefore.getTime()).toBe(15_000)
    expect(active).toMatchObject({
      allowedDuration: 'PT15S',
      decisions: [{ approver: 'olga' }, { approver: 'omar' }, { duration: 'PT15S' }],
    })
    const [granted] = await mailsTo('stan', { subject: 'Granted: Read the ledger of payments, 15 seconds', requestId })
    for (const said of ['15 seconds, allowed by Sara Sand', 'Asked for: 4 minutes', 'the owner agrees']) {
      expect(granted?.text).toContain(said)
    }
    await expect(as('stan').s3.send(new GetObjectCommand(OBJECT))).resolves.toBeDefined()
    await untilInstant(grant.notAfter, 1000)
    await expect(as('stan').s3.send(new GetObjectCommand(OBJECT))).rejects.toThrow(/AccessDenied|not authorized/i)

    const { events, endCause } = await untilStatus(requestId, 'ENDED', 60)
    expect(endCause).toBe('expired')
    expect(verifyChain(requestId, events).outcome).toBe('intact')
    expect(events.map(({ type }) => type)).toEqual([
      'asked',
      'approvers-asked',
      'decided',
      'decided',
      'approvers-asked',
      'approved',
      'activated',
      'ended',
    ])
  })
})

describe('where only a signature counts', () => {
  it('APP-09 the mail has no link and no code, and a signed decision grants', async () => {
    const requestId = await ask('stan', VAULT)
    const [mail] = await mailsTo('olga', { subject: ' asks: ', requestId })

    expect(mail?.text).toContain(`lapse approve ${requestId}`)
    expect(`${mail?.text}${mail?.html}`).not.toMatch(/\/decide\/|Your code|href=/)
    const { seen } = await toDecide('olga', requestId)
    expect((await sign('olga', requestId, { decision: 'approve', seen })).status).toBe(200)
    expect((await sign('olga', requestId, { decision: 'approve', seen })).status).toBe(409)

    expect((await untilStatus(requestId, 'ENDED', 60)).decisions).toMatchObject([{ approver: 'olga', via: 'signed' }])
  })

  it('APP-09 a signed denial by its approver ends it, and nobody else can decide', async () => {
    const requestId = await ask('stan', VAULT)
    await mailsTo('olga', { subject: ' asks: ', requestId })
    const { seen } = await toDecide('olga', requestId)

    const others = await Promise.all(
      ['stan', 'dana', 'erin', 'sara'].map(person => sign(person, requestId, { decision: 'approve', seen })),
    )
    expect(others.map(({ status }) => status)).toEqual([403, 403, 403, 404])
    expect((await sign('olga', requestId, { decision: 'deny', seen, comment: 'not now' })).status).toBe(200)

    expect((await requestOf(requestId)).status).toBe('DENIED')
    expect((await mailsTo('stan', { subject: 'Denied: ', requestId }))[0]?.text).toContain('not now')
  })
})
