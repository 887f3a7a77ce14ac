import { describe, expect, it } from '@jest/globals'
import { GrantRefusedError } from '../../lambdas/domain/errors.ts'
import { aSession, DEVELOPER, PINNED, roleAccess, UNPINNED } from '../support/a-role.ts'
import { arnOf, aWorld } from '../support/world.ts'

const HOUR = 3600

/** Alice and Grace, sessions of one role. */
function aHouse() {
  const world = aWorld({ access: roleAccess() })
  const roleId = world.iam.addRole(DEVELOPER, PINNED)
  const alice = { principal: aSession(roleId) }
  const grace = { requester: 'grace', principal: aSession(roleId, 'grace') }
  const holders = (policyArn: string) => world.iam.attachmentsOf(policyArn)
  return { world, roleId, alice, grace, holders }
}

describe('a grant of a role session', () => {
  it('GRA-03 END-01 lives on the role from its approval to its end', async () => {
    const { world, alice, holders } = aHouse()

    const { id, grant } = await world.active(alice)

    expect(holders(grant.policyArn)).toEqual([`role ${DEVELOPER}`])
    world.clock.step(HOUR)
    await world.end(id)
    expect(await world.request(id)).toMatchObject({ status: 'ENDED', ending: { receipt: { detached: 1 } } })
    expect(holders(grant.policyArn)).toEqual([])
    expect(await world.events(id)).toEqual(['asked', 'approvers-asked', 'approved', 'activated', 'ended'])
  })

  it('GRA-03 two sessions of one role have grants of their own at once, each in a policy of its own', async () => {
    const { world, alice, grace, roleId } = aHouse()

    const [hers, other] = [await world.active(alice), await world.active(grace)]

    const userIds = [hers, other].map(
      ({ grant }) =>
        JSON.stringify(world.iam.policies.get(grant.policyArn)?.versions.get('v1')).match(
          /"aws:userid":"([^"]+)"/,
        )?.[1],
    )
    expect(userIds).toEqual([`${roleId}:alice`, `${roleId}:grace`])
    await world.endEarly(hers.id)
    expect((await world.request(other.id)).status).toBe('ACTIVE')
    expect(await world.iam.attachedTo(DEVELOPER)).toBe(1)
  })

  it('GRA-03 is not attached when the role was opened to others after the approval', async () => {
    const { world, roleId, alice } = aHouse()
    const { id } = await world.approved(alice)
    await world.issue(id)
    world.iam.users.set(DEVELOPER, { uniqueId: roleId, trust: UNPINNED })

    await expect(world.attach(id)).rejects.toThrow(/others could take the session alice/)

    expect(await world.iam.attachedTo(DEVELOPER)).toBe(0)
    expect(world.faults.calls).not.toContain('AttachRolePolicy')
  })

  it.each([
    ['was made again', (world: ReturnType<typeof aWorld>) => world.iam.addRole(DEVELOPER, PINNED)],
    ['is gone', (world: ReturnType<typeof aWorld>) => world.iam.users.delete(DEVELOPER)],
  ])('GRA-03 is not attached when the role %s', async (_, happens) => {
    const { world, alice } = aHouse()
    const { id } = await world.approved(alice)
    await world.issue(id)
    happens(world)

    await expect(world.attach(id)).rejects.toThrow(GrantRefusedError)
    expect(await world.iam.attachedTo(DEVELOPER)).toBe(0)
  })

  it('END-06 the sweep leaves it to the role and takes it from a user who has it too', async () => {
    const { world, alice, holders } = aHouse()
    const { grant } = await world.active(alice)
    world.iam.attachTo(`user ${arnOf('bob')}`, grant.policyArn)

    expect(await world.sweep()).toMatchObject([{ what: 'detached' }])

    expect(holders(grant.policyArn)).toEqual([`role ${DEVELOPER}`])
    expect(await world.sweep()).toEqual([])
  })

  it('END-06 the sweep ends it at its end when nobody else does', async () => {
    const { world, alice, holders } = aHouse()
    const { id, grant } = await world.active(alice)
    world.clock.step(HOUR + 61)

    await world.sweep()

    expect([(await world.request(id)).status, holders(grant.policyArn)]).toEqual(['ENDED', []])
  })
})

describe('the room of a role', () => {
  it('GRA-06 GRA-03 is counted with what everybody who shares it has asked for', async () => {
    const { world, alice, grace } = aHouse()
    world.deps.attachmentsPerUser = 3
    await world.active(grace)
    await world.started(grace)
    await world.started(alice)

    const outcome = await world.ask(alice)

    expect(outcome).toMatchObject({
      outcome: 'refused',
      refusal: {
        code: 'quota-reached',
        detail: `1 managed policies are attached to ${DEVELOPER} and 2 more are on their way; IAM allows 3`,
      },
    })
  })

  it('GRA-06 GRA-03 is not filled by what the same people asked for as somebody else', async () => {
    const { world, alice, grace } = aHouse()
    world.deps.attachmentsPerUser = 1
    const uniqueId = world.iam.addUser(arnOf('grace'))
    await world.started({ ...grace, principal: { arn: arnOf('grace'), uniqueId } })

    expect((await world.ask(alice)).outcome).toBe('accepted')
  })
})

describe('the principal of a request', () => {
  it('GRA-03 is looked at before an approver is asked: a user made again since the call was signed is refused', async () => {
    const world = aWorld()
    const uniqueId = world.iam.users.get(arnOf('alice'))?.uniqueId ?? ''
    world.iam.addUser(arnOf('alice'))

    const outcome = await world.ask({ principal: { arn: arnOf('alice'), uniqueId } })

    expect(outcome).toMatchObject({ outcome: 'refused', refusal: { code: 'principal-changed', rule: 'iam-principal' } })
    expect(world.workflow.started.size).toBe(0)
  })

  it('GRA-03 that IAM cannot show now is no refusal: the call fails and nothing is written', async () => {
    const world = aWorld()
    world.faults.failNext('GetUser')

    await expect(world.ask()).rejects.toThrow()
    expect(world.store.rows.size).toBe(0)
  })
})
