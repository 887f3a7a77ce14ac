import {
  AttachUserPolicyCommand,
  DeleteAccessKeyCommand,
  DeleteRolePolicyCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  DetachUserPolicyCommand,
  GetUserCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam'
import { GetObjectCommand } from '@aws-sdk/client-s3'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { policyDocument } from '../../lambdas/adapters/iam-policies.ts'
import { documentHash } from '../../lambdas/domain/fence.ts'
import { plusSeconds, toInstant } from '../../lambdas/domain/instant.ts'
import { verifyChain } from '../../lambdas/domain/ledger.ts'
import { receivedMails } from '../../local/mailbox.ts'
import { makeUser } from '../../local/people.ts'
import { approve } from '../support/approval-link.ts'
import { verdictOf } from '../support/simulate.ts'
import {
  admin,
  as,
  ask,
  attachedTo,
  house,
  mailsNow,
  ORDERS,
  objectsBucket,
  personOf,
  policyExists,
  requestOf,
  roleNameOf,
  type Someone,
  untilInstant,
  untilStatus,
  withKeys,
} from '../support/the-house.ts'

const GRANT_SECONDS = 12
const MOMENT_MS = 1000

/** What AWS says when somebody reads the orders with their own keys. */
async function reading(who: Someone, bucket: string): Promise<string> {
  try {
    const { Body } = await who.s3.send(new GetObjectCommand({ Bucket: bucket, Key: ORDERS.key }))
    return (await Body?.transformToString()) === ORDERS.content ? 'allowed' : 'something else'
  } catch (error) {
    return error instanceof Error ? error.name : 'unknown'
  }
}

/** Keeps one of the closers (`Revoker`, `Sweep`) from one grant by an explicit Deny on its role; gives back how to lift it. */
async function holdBack(closer: string, policyArn: string): Promise<() => Promise<unknown>> {
  const RoleName = await roleNameOf(closer)
  const hold = { RoleName, PolicyName: `held-back-${policyArn.slice(-26)}` }
  const Statement = [{ Effect: 'Deny', Action: 'iam:*', Resource: policyArn }]
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
  await admin.iam.send(new PutRolePolicyCommand({ ...hold, PolicyDocument }))
  return () => admin.iam.send(new DeleteRolePolicyCommand(hold))
}

async function uniqueIdOf(UserName: string): Promise<string> {
  return (await admin.iam.send(new GetUserCommand({ UserName }))).User?.UserId ?? ''
}

/** Runs beside the first story: both are mostly waiting. */
let madeAgainStory: ReturnType<typeof ruthMadeAgain>

beforeAll(() => {
  madeAgainStory = ruthMadeAgain()
  madeAgainStory.catch(() => {}) // told by the tests that await it
})

describe('the orders of one bucket, asked for, approved, read and given up by themselves', () => {
  const seen = { before: '', during: '', bystander: '', heldBack: '', afterwards: '', attachedWhileDenied: false }
  let bucket: string
  let requestId: string
  let document: unknown
  let during: Awaited<ReturnType<typeof untilStatus>>
  let ended: Awaited<ReturnType<typeof untilStatus>>

  beforeAll(async () => {
    bucket = await objectsBucket('whole-story')
    const [alice, bob] = [as('alice'), as('bob')]
    seen.before = await reading(alice, bucket)
    requestId = await ask('alice', {
      entitlement: 'orders-read',
      duration: `PT${GRANT_SECONDS}S`,
      reason: 'a customer misses an order',
      parameters: { bucket },
    })
    await approve(requestId)
    during = await untilStatus(requestId, 'ACTIVE')
    const { policyArn = '', notAfter = new Date(0) } = during.grant ?? {}
    // The sweep would take the policy from the bystander, and from alice a minute after the end.
    const liftSweep = await holdBack('Sweep', policyArn)
    seen.during = await reading(alice, bucket)
    await admin.iam.send(new AttachUserPolicyCommand({ UserName: 'bob', PolicyArn: policyArn }))
    seen.bystander = await reading(bob, bucket)
    document = await policyDocument(admin.iam, policyArn)
    const lift = await holdBack('Revoker', policyArn)
    try {
      await untilInstant(notAfter, MOMENT_MS)
      seen.heldBack = await reading(alice, bucket)
      seen.attachedWhileDenied = (await attachedTo('alice')).includes(policyArn)
    } finally {
      await lift()
    }
    ended = await untilStatus(requestId, 'ENDED', 60)
    await liftSweep()
    seen.afterwards = await reading(alice, bucket)
  }, 150_000)

  it("GRA-02 alice's own keys are denied before, allowed during and denied one second after the end", () => {
    expect(seen).toMatchObject({ before: 'AccessDenied', during: 'allowed', heldBack: 'AccessDenied' })
  })

  it('GRA-02 the fence denies her although the policy is still attached, because those who take it away were held back', () => {
    expect(seen).toMatchObject({ attachedWhileDenied: true, heldBack: 'AccessDenied' })
  })

  it('GRA-03 a bystander with the same policy attached by hand is denied while alice is allowed', () => {
    expect(seen).toMatchObject({ during: 'allowed', bystander: 'AccessDenied' })
  })

  it('GRA-02 GRA-03 the policy simulator gives the same verdicts on the document read back from IAM', async () => {
    const { notBefore = new Date(0), notAfter = new Date(0), documentHash: approved } = during.grant ?? {}
    const alice = { principal: personOf('alice').arn, userId: await uniqueIdOf('alice') }
    const bob = { principal: personOf('bob').arn, userId: await uniqueIdOf('bob') }
    const verdict = ({ principal, userId }: typeof alice, at: Date) =>
      verdictOf({
        principal,
        action: 's3:GetObject',
        resource: `arn:aws:s3:::${bucket}/${ORDERS.key}`,
        document,
        context: { 'aws:CurrentTime': toInstant(at), 'aws:userid': userId },
      })

    expect(documentHash(document)).toBe(approved)
    expect(await verdict(alice, plusSeconds(notBefore, -1))).toBe('ImplicitlyDenied')
    expect(await verdict(alice, notBefore)).toBe('Allowed')
    expect(await verdict(alice, plusSeconds(notAfter, -1))).toBe('Allowed')
    expect(await verdict(alice, notAfter)).toBe('ImplicitlyDenied')
    expect(await verdict(bob, notBefore)).toBe('ImplicitlyDenied')
  })

  it('GRA-02 the window is as long as asked, and the policy names its end in its path', () => {
    const { notBefore = new Date(0), notAfter = new Date(0), policyArn } = during.grant ?? {}

    expect(notAfter.getTime() - notBefore.getTime()).toBe(GRANT_SECONDS * 1000)
    expect(policyArn).toContain(`/lapse/grant/${toInstant(notAfter).replaceAll(/[-:]/g, '')}/${requestId}`)
  })

  it('END-01 ends as expired with a receipt: detached from both who had it, IAM answers NoSuchEntity', async () => {
    const { policyArn = '', notAfter = new Date(0) } = during.grant ?? {}

    expect(ended).toMatchObject({ endCause: 'expired', receipt: { policyArn, policy: 'NoSuchEntity', detached: 2 } })
    expect(ended.receipt?.verifiedAt.getTime()).toBeGreaterThanOrEqual(notAfter.getTime())
    expect(await policyExists(policyArn)).toBe(false)
    expect([...(await attachedTo('alice')), ...(await attachedTo('bob'))]).not.toContain(policyArn)
    expect(seen.afterwards).toBe('AccessDenied')
  })

  it('AUD-01 AUD-02 every step is one event, in order, in an unbroken chain', () => {
    expect(ended.events.map(({ type }) => type)).toEqual(['asked', 'approvers-asked', 'approved', 'activated', 'ended'])
    expect(ended.events.map(({ actor }) => actor)).toEqual([
      { person: 'alice' },
      { service: 'approval' },
      { person: 'carol' },
      { service: 'applier' },
      { service: 'revoker' },
    ])
    expect(verifyChain(requestId, ended.events)).toMatchObject({ outcome: 'intact', head: { sequence: 5 } })
  })

  it('AUD-02 an event that is changed, left out or moved breaks the chain', () => {
    const [first, second, third, ...rest] = ended.events
    if (!first || !second || !third) throw new Error('too few events')
    const changed = { ...third, actor: { person: 'dana' } }

    expect(verifyChain(requestId, [first, second, changed, ...rest]).outcome).toBe('broken')
    expect(verifyChain(requestId, [first, third, ...rest]).outcome).toBe('broken')
    expect(verifyChain(requestId, [first, third, second, ...rest]).outcome).toBe('broken')
  })

  it('NOT-01 NOT-03 requester, approver and administrators are each told by mails to them alone', async () => {
    const about = (await receivedMails(house.emulator.endpointUrl)).filter(({ text }) => text.includes(requestId))
    const told = about.map(({ to, subject }) => `${to.join(',')} | ${subject.replace(/, 12 seconds$/, '')}`)

    expect(about.filter(({ to }) => to.length !== 1)).toEqual([])
    expect(told.sort()).toEqual([
      'alice@acme.example | Asked: Read the orders of one bucket',
      'alice@acme.example | Ended: Read the orders of one bucket',
      'alice@acme.example | Granted: Read the orders of one bucket',
      'carol@acme.example | Alice Aoki asks: Read the orders of one bucket',
      expect.stringMatching(/^dana@acme\.example \| Alice Aoki was granted: Read the orders of one bucket/),
    ])
    for (const { text, html } of about) expect([text.length > 100, html.length > 100]).toEqual([true, true])
  })

  it('END-01 the last mail is the receipt, with the policy and the time it was proven gone', async () => {
    const [receipt] = await mailsNow('alice@acme.example', { subject: 'Ended: ', requestId })

    expect(receipt?.text).toContain(during.grant?.policyArn)
    expect(receipt?.text).toContain('NoSuchEntity')
    expect(receipt?.text).toContain('Expired')
  })
})

describe('a user deleted and made again under the same name while a grant runs', () => {
  it('GRA-03 FI-18: has another unique id and is denied, although the policy of the grant is attached', async () => {
    const { oldId, newId, isAttached, status, first, again } = await madeAgainStory

    expect([newId === oldId, isAttached, status]).toEqual([false, true, 'ACTIVE'])
    expect({ first, again }).toEqual({ first: 'allowed', again: 'AccessDenied' })
  })

  it('END-01 loses the policy at the end of the grant all the same', async () => {
    const { requestId, policyArn, liftSweep } = await madeAgainStory

    const { receipt } = await untilStatus(requestId, 'ENDED', 60)

    await liftSweep()
    expect(receipt).toMatchObject({ policyArn, detached: 1 })
    expect(await attachedTo('ruth')).not.toContain(policyArn)
  })
})

/** Ruth gets a grant and uses it; her user is replaced by one of the same name, which tries too. */
async function ruthMadeAgain() {
  const bucket = await objectsBucket('made-again')
  const oldId = await uniqueIdOf('ruth')
  const requestId = await ask('ruth', {
    entitlement: 'orders-read',
    duration: 'PT15S',
    reason: 'the last days of an account',
    parameters: { bucket },
  })
  await approve(requestId)
  const policyArn = (await untilStatus(requestId, 'ACTIVE')).grant?.policyArn ?? ''
  const liftSweep = await holdBack('Sweep', policyArn)
  const first = await reading(as('ruth'), bucket)
  const again = await reading(withKeys(await madeAgain('ruth', policyArn)), bucket)
  const isAttached = (await attachedTo('ruth')).includes(policyArn)
  const { status } = await requestOf(requestId)
  return { requestId, policyArn, liftSweep, oldId, newId: await uniqueIdOf('ruth'), isAttached, status, first, again }
}

/** Deletes a user with everything it has and makes it again, the grant attached as if nothing had happened. */
async function madeAgain(UserName: string, PolicyArn: string) {
  const { accessKeyId } = personOf(UserName)
  await admin.iam.send(new DetachUserPolicyCommand({ UserName, PolicyArn }))
  await admin.iam.send(new DeleteUserPolicyCommand({ UserName, PolicyName: 'may-call-lapse' }))
  await admin.iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId: accessKeyId }))
  await admin.iam.send(new DeleteUserCommand({ UserName }))
  const made = await makeUser(admin.iam, `user/people/${UserName}`)
  await admin.iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn }))
  return made
}
