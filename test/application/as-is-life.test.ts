import { describe, expect, it } from '@jest/globals'
import { drainGrants } from '../../lambdas/application/drain-grants.ts'
import { endAsIs } from '../../lambdas/application/end-as-is.ts'
import { documentHash } from '../../lambdas/domain/fence.ts'
import { LATE_ATTACH_SECONDS } from '../../lambdas/domain/lease.ts'
import { PINNED } from '../support/a-role.ts'
import { anAccessFile, anEntitlement } from '../support/an-access-file.ts'
import { arnOf, aWorld, type World } from '../support/world.ts'

const POLICY = 'arn:aws:iam::aws:policy/ReadOnlyAccess'
const DOCUMENT = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: ['s3:Get*'], Resource: '*' }] }
const ALICE = `user ${arnOf('alice')}`

function asIsAccess(document: unknown = DOCUMENT) {
  const asIs = { because: 'the policy is too large for a fenced copy', documentHash: documentHash(document) }
  const managedPolicy = { arn: POLICY, versionId: 'v9', asIs }
  return anAccessFile({ entitlements: [anEntitlement({ codeRequired: true, managedPolicy })] })
}

function anAsIsWorld(access = asIsAccess()): World {
  const world = aWorld({ access })
  world.iam.addManaged(POLICY, DOCUMENT)
  return world
}

const isAttached = (world: World) => world.iam.attachmentsOf(POLICY).includes(ALICE)
const statusOf = async (world: World, id: string) => (await world.request(id)).status
const endOf = async (world: World, id: string) => (await world.request(id)).ending

describe('a grant of a policy that is attached as it is', () => {
  it('GRA-07 attaches the policy itself, writes none, and its receipt says that the user does not have it', async () => {
    const world = anAsIsWorld()
    const { id, grant, asIs } = await world.active()

    expect(grant).toMatchObject({ policyArn: POLICY, documentHash: documentHash(DOCUMENT) })
    expect(asIs).toEqual({ policyArn: POLICY, documentHash: documentHash(DOCUMENT) })
    expect([...world.iam.policies.keys()]).toEqual([POLICY])
    expect(isAttached(world)).toBe(true)

    world.clock.step(3600)
    await world.end(id)

    expect(isAttached(world)).toBe(false)
    expect(world.iam.policies.has(POLICY)).toBe(true)
    expect(await endOf(world, id)).toMatchObject({
      cause: 'expired',
      receipt: { policyArn: POLICY, policy: 'NotAttached', detached: 1 },
    })
    expect(await world.events(id)).toEqual(expect.arrayContaining(['asked', 'approved', 'activated', 'ended']))
  })

  it('GRA-07 stays attached while another grant of the same person holds it, and its receipt says so', async () => {
    const world = anAsIsWorld()
    const first = await world.active()
    const second = await world.active()

    world.clock.step(3600 - 900)
    await world.endEarly(first.id, 'returned')
    expect(await endOf(world, first.id)).toMatchObject({ cause: 'returned', receipt: { policy: 'HeldByOthers' } })
    expect(isAttached(world)).toBe(true)

    world.clock.step(900)
    await world.end(second.id)
    expect(await endOf(world, second.id)).toMatchObject({ cause: 'expired', receipt: { policy: 'NotAttached' } })
    expect(isAttached(world)).toBe(false)
  })

  it('GRA-07 that others still hold at its planned end has expired', async () => {
    const world = anAsIsWorld()
    const first = await world.active()
    const second = await world.active()
    world.clock.step(3600)

    await world.end(first.id)

    expect(await endOf(world, first.id)).toMatchObject({ cause: 'expired', receipt: { policy: 'HeldByOthers' } })
    expect(await statusOf(world, second.id)).toBe('ACTIVE')
  })

  it('GRA-07 is refused when AWS has changed the policy since it was reviewed', async () => {
    const world = anAsIsWorld()
    const { id } = await world.approved()
    world.iam.addVersion(POLICY, { ...DOCUMENT, Statement: [] }, { asDefault: true })
    await world.issue(id)

    await expect(world.attach(id)).rejects.toThrow('does not hold what was approved')
    await world.end(id)
    expect([isAttached(world), await statusOf(world, id)]).toEqual([false, 'FAILED'])
  })

  it('GRA-07 is refused when the access file of now attaches another document, or a fenced copy', async () => {
    const { managedPolicy, ...copied } = anEntitlement({ codeRequired: true })
    for (const now of [asIsAccess({ another: 'document' }), anAccessFile({ entitlements: [copied] })]) {
      const world = anAsIsWorld()
      const { id } = await world.approved()
      Object.assign(world.deps, { access: now })

      await expect(world.issue(id)).rejects.toThrow('has changed since it was asked for')
      await expect(world.attach(id)).rejects.toThrow('has changed since it was asked for')
      expect([managedPolicy, isAttached(world)]).toEqual([undefined, false])
    }
  })

  it('GRA-07 is refused before anybody is asked: with a later start, of a session of a role, and to whom has it already', async () => {
    const world = anAsIsWorld()
    const refusalOf = async (overrides: Parameters<World['ask']>[0]) => {
      const outcome = await world.ask(overrides)
      return outcome.outcome === 'refused' ? `${outcome.refusal.code}: ${outcome.refusal.detail}` : outcome.outcome
    }
    const earliestStart = new Date(world.clock.now().getTime() + 3_600_000)
    const role = 'arn:aws:iam::111122223333:role/people/engineer'
    const session = { name: 'alice' }

    expect(await refusalOf({ ask: { earliestStart } })).toMatch(/^as-is-refused: .*it allows from the moment/)
    expect(await refusalOf({ principal: { arn: role, uniqueId: world.iam.addRole(role, PINNED), session } })).toMatch(
      /^as-is-refused: .*every session of it/,
    )
    world.iam.attachTo(ALICE, POLICY)
    expect(await refusalOf({})).toBe(`as-is-refused: you have ${POLICY} already, and not by a grant`)
  })

  it('GRA-07 that somebody attached after the approval is not put in force, and not taken from them', async () => {
    const world = anAsIsWorld()
    const { id } = await world.approved()
    world.iam.attachTo(ALICE, POLICY)
    await world.issue(id)

    await expect(world.attach(id)).rejects.toThrow('already, and not by a grant')
    await world.end(id)

    expect([isAttached(world), await statusOf(world, id)]).toEqual([true, 'FAILED'])
    expect(await endOf(world, id)).toMatchObject({ receipt: { policy: 'HeldByOthers', detached: 0 } })
  })
})

describe('the sweep', () => {
  it('GRA-07 ends a grant attached as it is that is due, found by the open requests or by the leases alone', async () => {
    for (const isIndexDead of [false, true]) {
      const world = anAsIsWorld()
      const { id } = await world.active()
      world.clock.step(3600 + 60)
      if (isIndexDead) world.faults.failNext('store.openRequests', Infinity)

      await world.sweep()

      expect([isAttached(world), await statusOf(world, id)]).toEqual([false, 'ENDED'])
    }
  })

  it('GRA-07 leaves a grant in force alone, and ends it while access is frozen', async () => {
    const world = anAsIsWorld()
    const { id } = await world.active()
    world.clock.step(600)

    expect(await world.sweep()).toEqual([])
    expect(isAttached(world)).toBe(true)

    await world.freezes.freeze({ by: 'adam', at: world.clock.now(), reason: 'an intruder' })
    await world.sweep()
    expect(await endOf(world, id)).toMatchObject({ cause: 'frozen', receipt: { policy: 'NotAttached' } })
    expect(isAttached(world)).toBe(false)
  })

  it('GRA-07 ends a grant as external when somebody else detached its policy', async () => {
    const world = anAsIsWorld()
    const { id } = await world.active()
    world.clock.step(600)
    world.iam.detachFrom(ALICE, POLICY)

    await world.sweep()

    expect(await endOf(world, id)).toMatchObject({ cause: 'external', receipt: { policy: 'NotAttached', detached: 0 } })
  })

  it('GRA-07 END-04 takes away what a late attach put back after the end, and what a removal left that broke off', async () => {
    const world = anAsIsWorld()
    const late = await world.active()
    await world.endEarly(late.id)
    world.iam.attachTo(ALICE, POLICY)

    expect(await world.sweep()).toMatchObject([{ what: 'removed', why: 'no grant holds it' }])
    expect(isAttached(world)).toBe(false)

    const broken = anAsIsWorld()
    const { id } = await broken.active()
    broken.clock.step(3600)
    broken.faults.failNext('DetachPolicy', 3)
    await expect(broken.end(id)).rejects.toThrow('DetachPolicy')
    broken.clock.step(900)
    await broken.sweep()
    expect([isAttached(broken), await statusOf(broken, id)]).toEqual([false, 'ENDED'])
  })
})

describe('a freeze, a drain, a list without it', () => {
  it('GRA-07 END-05 a freeze ends a grant attached as it is, found by the leases alone', async () => {
    const world = anAsIsWorld()
    const { id } = await world.active()
    world.faults.failNext('store.openRequests', Infinity)

    const { ended } = await world.freeze()

    expect(ended).toMatchObject([{ requestId: id, receipt: { policy: 'NotAttached' } }])
    expect(isAttached(world)).toBe(false)
  })

  it('GRA-07 END-07 a drain ends it, and is not over while an attach may still arrive', async () => {
    const world = anAsIsWorld()
    const { id } = await world.active()

    expect(await drainGrants({ ...world.deps, pause: async () => {} })).toMatchObject({
      outcome: 'not-drained',
      left: [`${POLICY} at ${arnOf('alice')}`],
    })
    expect([isAttached(world), await statusOf(world, id)]).toEqual([false, 'ENDED'])

    world.clock.step(LATE_ATTACH_SECONDS)
    expect(await drainGrants({ ...world.deps, pause: async () => {} })).toMatchObject({ outcome: 'drained' })
  })

  it('GRA-07 is ended when the access file no longer attaches the policy, before nobody may detach it', async () => {
    const world = anAsIsWorld()
    const { id } = await world.active()
    world.clock.step(600)
    const pause = async () => void world.clock.step(3)

    expect(await endAsIs({ ...world.deps, pause }, [POLICY])).toEqual({ ended: 0, left: [] })
    expect(isAttached(world)).toBe(true)

    const without = { ...world.deps, access: anAccessFile(), pause }
    expect(await endAsIs(without, [POLICY])).toEqual({ ended: 1, left: [] })
    expect(isAttached(world)).toBe(false)
    expect(await endOf(world, id)).toMatchObject({ cause: 'revoked', receipt: { policy: 'NotAttached' } })
  })
})
