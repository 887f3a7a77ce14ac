import { AttachUserPolicyCommand, CreatePolicyCommand } from '@aws-sdk/client-iam'
import { InvokeCommand, LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda'
import { describe, expect, it } from '@jest/globals'
import { verifyChain } from '../../lambdas/domain/ledger.ts'
import { $Problem, $RequestView } from '../support/api-answers.ts'
import { approve } from '../support/approval-link.ts'
import {
  admin,
  as,
  ask,
  attachedTo,
  house,
  jsonOf,
  mailsTo,
  policyExists,
  requestOf,
  untilInstant,
  untilStatus,
} from '../support/the-house.ts'

const { endpointUrl: endpoint, region, rootCredentials: credentials } = house.emulator
const lambda = new LambdaClient({ endpoint, region, credentials })

/** A grant of Petra's in force, as long as asked. */
async function grantFor(duration: string) {
  const body = { entitlement: 'sandbox-admin', duration, reason: 'the machines of the sandbox hang' }
  const requestId = await ask('petra', body)
  await approve(requestId, 'dana')
  const { grant } = await untilStatus(requestId, 'ACTIVE')
  if (!grant) throw new Error(`request ${requestId} is ACTIVE without a grant`)
  return { requestId, ...grant }
}

/** Runs the sweep now, as its schedule would. */
async function sweepNow(): Promise<void> {
  const { Functions = [] } = await lambda.send(new ListFunctionsCommand({}))
  const FunctionName = Functions.find(({ Description }) => Description?.includes('closes what is due'))?.FunctionName
  const { FunctionError, Payload } = await lambda.send(new InvokeCommand({ FunctionName, Payload: '{}' }))
  if (FunctionError) throw new Error(`the sweep failed: ${Buffer.from(Payload ?? []).toString()}`)
}

describe('a grant ended before its time', () => {
  it('END-04 given back is gone when the answer comes, with a receipt, and stays ENDED past its planned end', async () => {
    const { requestId, policyArn, notAfter } = await grantFor('PT20S')

    const answer = await as('petra').call('POST', `/requests/${requestId}/end`)

    expect(await policyExists(policyArn)).toBe(false)
    expect(await attachedTo('petra')).not.toContain(policyArn)
    const ended = $RequestView.parse(jsonOf(answer))
    expect([answer.status, ended.status, ended.endCause]).toEqual([200, 'ENDED', 'returned'])
    expect(ended.receipt?.verifiedAt.getTime()).toBeLessThan(notAfter.getTime())
    await untilInstant(notAfter, 3000)
    const { events, status } = await requestOf(requestId)
    expect([status, events.filter(({ type }) => type === 'ended').length]).toEqual(['ENDED', 1])
    expect(verifyChain(requestId, events).outcome).toBe('intact')
    expect(await mailsTo('petra', { subject: 'Ended: ', requestId })).toHaveLength(1)
  })

  it('END-04 revoked by an administrator is gone when the answer comes, and the record says by whom', async () => {
    const { requestId, policyArn } = await grantFor('PT5M')

    const answer = await as('dana').call('POST', `/requests/${requestId}/revoke`)

    expect([answer.status, await policyExists(policyArn)]).toEqual([200, false])
    const { events, endCause } = await requestOf(requestId)
    expect([endCause, events.at(-1)?.type, events.at(-1)?.actor]).toEqual(['revoked', 'ended', { person: 'dana' }])
    const again = await as('dana').call('POST', `/requests/${requestId}/revoke`)
    expect([again.status, $Problem.parse(jsonOf(again)).requestId]).toEqual([409, requestId])
  })

  it('END-04 is not ended by those who may not: 404 for another person, 403 for who is no administrator', async () => {
    const { requestId, policyArn } = await grantFor('PT1M')
    const statusOf = async (person: string, verb: string) =>
      (await as(person).call('POST', `/requests/${requestId}/${verb}`)).status

    expect(await Promise.all(['bob', 'carol', 'dana', 'erin'].map(person => statusOf(person, 'end')))).toEqual([
      404, 404, 404, 404,
    ])
    expect(await Promise.all(['petra', 'carol', 'erin'].map(person => statusOf(person, 'revoke')))).toEqual([
      403, 403, 403,
    ])
    expect([(await requestOf(requestId)).status, await policyExists(policyArn)]).toEqual(['ACTIVE', true])
    await as('petra').call('POST', `/requests/${requestId}/end`)
  })
})

describe('the sweep', () => {
  it('END-02 END-06 removes a policy under the path of grants that belongs to no grant, and from whom it was given to', async () => {
    const PolicyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
    })
    const PolicyName = '01JQ0000000000000000000000'
    const created = await admin.iam.send(
      new CreatePolicyCommand({ Path: '/lapse/grant/20990101T000000Z/', PolicyName, PolicyDocument }),
    )
    const PolicyArn = created.Policy?.Arn ?? ''
    await admin.iam.send(new AttachUserPolicyCommand({ UserName: 'petra', PolicyArn }))

    await sweepNow()

    expect(await attachedTo('petra')).not.toContain(PolicyArn)
    expect(await policyExists(PolicyArn)).toBe(false)
  })

  it('END-06 takes the policy of a grant from whoever else has it, and leaves the grant in force', async () => {
    const { requestId, policyArn } = await grantFor('PT1M')
    await admin.iam.send(new AttachUserPolicyCommand({ UserName: 'frank', PolicyArn: policyArn }))

    await sweepNow()

    expect(await attachedTo('frank')).not.toContain(policyArn)
    expect(await attachedTo('petra')).toContain(policyArn)
    expect((await requestOf(requestId)).status).toBe('ACTIVE')
    await as('petra').call('POST', `/requests/${requestId}/end`)
  })
})
