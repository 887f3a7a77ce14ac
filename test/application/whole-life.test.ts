import { describe, expect, it } from '@jest/globals'
import { RemovalUnprovenError } from '../../lambdas/domain/errors.ts'
import { plusSeconds } from '../../lambdas/domain/instant.ts'
import { arnOf, aWorld } from '../support/world.ts'

describe('the life of a request', () => {
  it('AUD-01 each step is one event, in order, chained, with its status and its mails', async () => {
    const world = aWorld()

    const asked = await world.ask({ idempotencyKey: 'k' })
    if (asked.outcome !== 'accepted') throw new Error(asked.outcome)
    const { id } = asked.request
    expect(asked.request.status).toBe('PENDING')
    expect(await world.events(id)).toEqual(['asked'])
    expect(world.workflow.started.get(id)).toEqual({ firstWaitSeconds: 1800 })

    const { taskToken } = await world.askApprovers(id)
    expect(await world.events(id)).toEqual(['asked', 'approvers-asked'])
    expect(world.announcer.told).toEqual(['approval-asked bob', 'asked alice'])
    const mail = world.announcer.of('approval-asked')[0]
    expect(mail?.url).toMatch(/^https:\/\/lapse\.example\.com\/decide\/[A-Za-z0-9_-]{43}$/)
    expect(mail?.url).not.toContain(mail?.code)

    world.clock.step(900)
    const answered = await world.decide('bob', { comment: 'go on' })
    expect(answered).toMatchObject({ outcome: 'decided', verdict: 'approved' })
    expect(await world.events(id)).toEqual(['asked', 'approvers-asked', 'approved'])
    expect(world.workflow.answers).toEqual([{ kind: 'approved', requestId: id }])
    const { grant, decisions } = await world.granted(id)
    expect(grant).toMatchObject({
      notBefore: new Date('2027-03-01T10:15:00Z'),
      notAfter: new Date('2027-03-01T11:15:00Z'),
      policyArn: `arn:aws:iam::111122223333:policy/lapse/grant/20270301T111500Z/${id}`,
    })
    expect(decisions).toMatchObject([{ approver: 'bob', decision: 'approve', comment: 'go on' }])
    expect(world.iam.policies.size).toBe(0)

    await world.issue(id)
    expect(world.iam.policies.get(grant.policyArn)?.tags).toEqual({
      'lapse:managed': 'true',
      'lapse:request': id,
      'lapse:expires': '2027-03-01T11:15:00Z',
      'lapse:hash': grant.documentHash,
    })
    expect(world.iam.attachmentsOf(grant.policyArn)).toEqual([])
    expect((await world.request(id)).status).toBe('APPROVED')

    expect(await world.attach(id)).toEqual(grant)
    expect(world.iam.attachmentsOf(grant.policyArn)).toEqual([`user ${arnOf('alice')}`])
    expect(await world.events(id)).toEqual(['asked', 'approvers-asked', 'approved', 'activated'])
    expect(world.announcer.told.slice(2)).toEqual(['granted alice', 'granted-to-admin adam'])

    world.clock.step(59 * 60)
    expect((await world.request(id)).status).toBe('ACTIVE')

    world.clock.setTo(grant.notAfter)
    const ended = await world.end(id)
    expect(ended.outcome).toBe('ended')
    expect(await world.events(id)).toEqual(['asked', 'approvers-asked', 'approved', 'activated', 'ended'])
    expect(await world.request(id)).toMatchObject({
      status: 'ENDED',
      ending: {
        cause: 'expired',
        receipt: { policyArn: grant.policyArn, verifiedAt: grant.notAfter, policy: 'NoSuchEntity', detached: 1 },
      },
    })
    expect(world.iam.policies.size).toBe(0)
    expect(world.announcer.told.slice(4)).toEqual(['ended alice'])
    expect(taskToken).not.toBe('')
  })

  it('AUD-07 FI-20: no token, code or task token is in a stored request, an event or the message of a mail failure', async () => {
    const world = aWorld()
    world.announcer.unreachable.add('alice')
    const { id } = await world.approved()
    await world.issue(id)
    await world.attach(id)
    world.clock.step(3600)
    await world.end(id)

    const stored =
      [...world.store.rows.values(), ...world.links.rows.keys()].join('\n') + JSON.stringify([...world.links.rows])

    const secrets = [...world.ids.tokens, ...world.ids.codes, 'task-token-']
    expect(secrets.length).toBeGreaterThan(2)
    for (const secret of secrets) expect(stored).not.toContain(secret)
  })

  it('GRA-02 an approval that comes late moves the start, and a start asked for later is kept', async () => {
    const late = aWorld()
    await late.asked()
    late.clock.step(7200)
    await late.decide('bob')
    const later = aWorld()
    const earliestStart = new Date('2027-03-02T08:00:00Z')
    const request = await later.approved({ ask: { earliestStart } })

    const [grant] = [(await late.store.list({ limit: 1 })).requests[0]?.grant]
    expect(grant?.notBefore).toEqual(new Date('2027-03-01T12:00:00Z'))
    expect(grant?.notAfter).toEqual(new Date('2027-03-01T13:00:00Z'))
    expect(request.grant.notBefore).toEqual(earliestStart)
    expect(request.grant.notAfter).toEqual(plusSeconds(earliestStart, 3600))
  })
})

describe('ending a grant', () => {
  async function anActive() {
    const world = aWorld()
    const { id, grant } = await world.approved()
    await world.issue(id)
    await world.attach(id)
    world.clock.setTo(grant.notAfter)
    return { world, id, grant }
  }

  it('END-03 what somebody removed before is success, with the cause external', async () => {
    const { world, id, grant } = await anActive()
    world.iam.policies.delete(grant.policyArn)

    const { outcome, request } = await world.end(id)

    expect(outcome).toBe('ended')
    expect(request.ending).toMatchObject({ cause: 'external', receipt: { detached: 0, policy: 'NoSuchEntity' } })
  })

  it('END-03 a grant ended before its time without anybody of Lapse has the cause external', async () => {
    const { world, id, grant } = await anActive()
    world.clock.setTo(plusSeconds(grant.notAfter, -1))

    expect((await world.end(id)).request.ending?.cause).toBe('external')
  })

  it('END-03 whoever else carries the policy loses it, and extra versions go', async () => {
    const { world, id, grant } = await anActive()
    world.iam.attachTo('role deployer', grant.policyArn)
    world.iam.attachTo('group developers', grant.policyArn)
    world.iam.addVersion(grant.policyArn, {}, { asDefault: true })
    world.iam.addVersion(grant.policyArn, {}, { asDefault: false })

    const { request } = await world.end(id)

    expect(request.ending?.receipt.detached).toBe(3)
    expect(world.iam.policies.size).toBe(0)
  })

  it('END-03 a detachment that keeps failing is tried until it holds, and nothing is said before', async () => {
    const { world, id } = await anActive()
    world.faults.failNext('DetachPolicy', 9)

    for (const _ of [1, 2, 3]) await expect(world.end(id)).rejects.toThrow('DetachPolicy')
    expect((await world.request(id)).status).toBe('ACTIVE')
    expect(world.announcer.of('ended')).toEqual([])

    expect((await world.end(id, true)).request.ending).toMatchObject({ cause: 'expired', receipt: { detached: 1 } })
  })

  it('END-01 while IAM still shows the policy the removal is not proven and the status stays', async () => {
    const { world, id, grant } = await anActive()
    world.iam.lingering.add(grant.policyArn)

    await expect(world.end(id)).rejects.toThrow(RemovalUnprovenError)
    expect((await world.request(id)).status).toBe('ACTIVE')
    expect(await world.events(id)).not.toContain('ended')

    world.iam.lingering.clear()
    expect((await world.end(id)).outcome).toBe('ended')
  })

  it('END-01 a removal whose proof came with a second try still expired', async () => {
    const { world, id, grant } = await anActive()
    world.iam.lingering.add(grant.policyArn)
    await expect(world.end(id)).rejects.toThrow(RemovalUnprovenError)
    world.iam.lingering.clear()

    expect((await world.end(id, true)).request.ending?.cause).toBe('expired')
  })

  it('END-03 a second call changes nothing and tells nobody', async () => {
    const { world, id } = await anActive()
    await world.end(id)
    const told = world.announcer.told.length

    const second = await world.end(id)

    expect(second).toEqual({ outcome: 'was-over', request: await world.request(id), detached: 0 })
    expect(world.announcer.told).toHaveLength(told)
    expect((await world.events(id)).at(-1)).toBe('ended')
  })

  it('END-06 a second look takes away what came back, and says so', async () => {
    const { world, id, grant } = await anActive()
    await world.end(id)
    const { ending } = await world.request(id)
    await world.iam.create({ arn: grant.policyArn, document: { Version: '2012-10-17', Statement: [] }, tags: {} })
    world.iam.attachTo('user mallory', grant.policyArn)

    const again = await world.end(id)

    expect(again).toMatchObject({ outcome: 'was-over', detached: 1, request: { status: 'ENDED', ending } })
    expect(world.iam.policies.size).toBe(0)
    expect((await world.events(id)).slice(-2)).toEqual(['ended', 'second-look'])
    expect((await world.details(id)).at(-1)).toMatchObject({ detached: 1, policyArn: grant.policyArn })
  })

  it('END-03 ten calls at once end it once', async () => {
    const { world, id } = await anActive()

    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => world.end(id)))

    expect(outcomes.some(one => one.status === 'fulfilled' && one.value.outcome === 'ended')).toBe(true)
    expect((await world.events(id)).filter(type => type === 'ended')).toHaveLength(1)
    expect(world.iam.policies.size).toBe(0)
  })

  it('END-03 a request that never got its policy fails, with a receipt where there could be something', async () => {
    const world = aWorld()
    const { id, grant } = await world.approved()
    await world.issue(id)

    const { request } = await world.end(id)

    expect(request).toMatchObject({
      status: 'FAILED',
      ending: { receipt: { policyArn: grant.policyArn, detached: 0 } },
    })
    expect(request.ending?.cause).toBeUndefined()
    expect(world.iam.policies.size).toBe(0)
    expect(world.announcer.told.at(-1)).toBe('failed alice')
  })

  it('END-03 a pending request whose workflow broke fails without a receipt', async () => {
    const world = aWorld()
    const { id } = await world.asked()

    const { request } = await world.end(id)

    expect(request).toMatchObject({ status: 'FAILED' })
    expect(request.ending).toBeUndefined()
  })

  it('END-03 a request that is not there is an error', async () => {
    await expect(aWorld().end('01JQ0000000000000000000000')).rejects.toThrow('there is no request')
  })
})
