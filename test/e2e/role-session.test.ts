import { GetRoleCommand, ListAttachedRolePoliciesCommand, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam'
import { GetObjectCommand } from '@aws-sdk/client-s3'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { policyDocument } from '../../lambdas/adapters/iam-policies.ts'
import { toInstant } from '../../lambdas/domain/instant.ts'
import { $Problem } from '../support/api-answers.ts'
import { approve } from '../support/approval-link.ts'
import { verdictOf } from '../support/simulate.ts'
import {
  admin,
  as,
  ask,
  jsonOf,
  mailsNow,
  ORDERS,
  objectsBucket,
  personOf,
  policyExists,
  type Someone,
  untilInstant,
  untilStatus,
} from '../support/the-house.ts'

const RoleName = 'shift'

/** What AWS says when somebody reads the orders with the temporary keys of their session. */
async function reading(who: Someone, bucket: string): Promise<string> {
  try {
    const { Body } = await who.s3.send(new GetObjectCommand({ Bucket: bucket, Key: ORDERS.key }))
    return (await Body?.transformToString()) === ORDERS.content ? 'allowed' : 'something else'
  } catch (error) {
    return error instanceof Error ? error.name : 'unknown'
  }
}

async function attachedToRole(): Promise<readonly string[]> {
  const { AttachedPolicies } = await admin.iam.send(new ListAttachedRolePoliciesCommand({ RoleName }))
  return (AttachedPolicies ?? []).flatMap(({ PolicyArn }) => PolicyArn ?? [])
}

async function theRole() {
  const { Role } = await admin.iam.send(new GetRoleCommand({ RoleName }))
  return {
    arn: Role?.Arn ?? '',
    id: Role?.RoleId ?? '',
    trust: decodeURIComponent(Role?.AssumeRolePolicyDocument ?? ''),
  }
}

describe('two people in sessions of one role, one of whom asks', () => {
  const seen = { before: '', during: '', neighbour: '', afterwards: '' }
  let bucket: string
  let document: unknown
  let during: Awaited<ReturnType<typeof untilStatus>>
  let ended: Awaited<ReturnType<typeof untilStatus>>
  let attached: readonly string[] = []

  beforeAll(async () => {
    bucket = await objectsBucket('role-session')
    seen.before = await reading(as('rosa'), bucket)
    const requestId = await ask('rosa', {
      entitlement: 'orders-read',
      duration: 'PT20S',
      reason: 'the night shift looks for an order',
      parameters: { bucket },
    })
    await approve(requestId)
    during = await untilStatus(requestId, 'ACTIVE')
    attached = await attachedToRole()
    document = await policyDocument(admin.iam, during.grant?.policyArn ?? '')
    seen.during = await reading(as('rosa'), bucket)
    seen.neighbour = await reading(as('rolf'), bucket)
    await untilInstant(during.grant?.notAfter ?? new Date(0), 1000)
    seen.afterwards = await reading(as('rosa'), bucket)
    ended = await untilStatus(requestId, 'ENDED', 60)
  }, 150_000)

  it('GRA-03 the call signed with temporary keys is hers: role, path and session stand in the request', async () => {
    const { arn } = await theRole()

    expect(personOf('rosa').arn).toMatch(/:assumed-role\/shift\/rosa$/)
    expect(during).toMatchObject({ requester: 'rosa', principal: arn, session: { name: 'rosa' } })
    expect(arn).toMatch(/:role\/people\/shift$/)
  })

  it('GRA-03 her session may what was granted, and the other session of the same role may not', () => {
    expect(seen).toMatchObject({ before: 'AccessDenied', during: 'allowed', neighbour: 'AccessDenied' })
    expect(attached).toContain(during.grant?.policyArn)
  })

  it('GRA-02 access ends at its second, and the policy is gone with a receipt', async () => {
    const { policyArn = '' } = during.grant ?? {}

    expect(seen.afterwards).toBe('AccessDenied')
    expect(ended).toMatchObject({ endCause: 'expired', receipt: { policyArn, policy: 'NoSuchEntity', detached: 1 } })
    expect([await policyExists(policyArn), await attachedToRole()]).toEqual([false, []])
  })

  it('GRA-03 the policy simulator gives the same verdicts on the document read back from IAM', async () => {
    const { id } = await theRole()
    const verdict = (session: string) =>
      verdictOf({
        principal: personOf('rosa').arn.replace(/rosa$/, session),
        action: 's3:GetObject',
        resource: `arn:aws:s3:::${bucket}/${ORDERS.key}`,
        document,
        context: {
          'aws:CurrentTime': toInstant(during.grant?.notBefore ?? new Date(0)),
          'aws:userid': `${id}:${session}`,
        },
      })

    expect(await verdict('rosa')).toBe('Allowed')
    for (const other of ['rolf', 'Rosa', 'rosa2']) expect(await verdict(other)).toBe('ImplicitlyDenied')
  })

  it('NOT-01 GRA-03 the mail to the approver names the session', async () => {
    const [mail] = await mailsNow('carol@acme.example', { subject: 'Rosa Rist asks', requestId: during.requestId })

    expect(mail?.text).toContain('session rosa')
  })
})

describe('a role that lets whoever may assume it choose the name', () => {
  it('GRA-03 is refused before an approver is mailed, with the condition that would pin it', async () => {
    const { trust } = await theRole()
    const open = trust.replace(/,"Condition":\{.*?\}\}/, '')
    expect(open).not.toBe(trust)
    const ask = {
      entitlement: 'orders-read',
      duration: 'PT1M',
      reason: 'another order',
      parameters: { bucket: 'acme-orders-none' },
    }
    await admin.iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: open }))
    try {
      const answer = await as('rolf').call('POST', '/requests', ask)

      expect(answer.status).toBe(403)
      const { requestId = '', ...problem } = $Problem.parse(jsonOf(answer))
      expect(problem).toMatchObject({
        code: 'session-not-pinned',
        rule: 'iam-principal',
        wouldPass: expect.stringContaining('"sts:RoleSessionName"'),
      })
      expect(await mailsNow('carol@acme.example', { requestId })).toEqual([])
    } finally {
      await admin.iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: trust }))
    }
  })
})
