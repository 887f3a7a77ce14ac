import { describe, expect, it } from '@jest/globals'
import { sweep } from '../../lambdas/application/sweep.ts'
import { requestKey } from '../../lambdas/contract/keys.ts'
import { plusSeconds } from '../../lambdas/domain/instant.ts'
import { ASKED_AT } from '../support/a-request.ts'
import { arnOf, aWorld, type World } from '../support/world.ts'

const DOCUMENT = { Version: '2012-10-17', Statement: [] } as const
const PATH = 'arn:aws:iam::111122223333:policy/lapse/grant/20270301T120000Z/'
const READS = new Set([
  'ListPolicies',
  'ListEntitiesForPolicy',
  'store.find',
  'store.history',
  'open.query',
  'GetPolicy',
])
const OF_THE_SWEEP = new Set(['freezes.current', 'metrics.count'])

/** The sweep, and what it changed or tried to: every call that is not a read. */
async function swept(world: World) {
  world.faults.reset()
  const deeds = await world.sweep()
  const writes = world.faults.calls.filter(call => !READS.has(call) && !OF_THE_SWEEP.has(call))
  return { deeds: deeds.map(({ what, of }) => `${what} ${of}`), writes, counts: world.metrics.counts.at(-1) }
}

async function expectIdle(world: World): Promise<void> {
  expect(await swept(world)).toMatchObject({
    deeds: [],
    writes: [],
    counts: { SweepHeartbeat: 1, SweepClosed: 0, SweepForeign: 0, SweepFailures: 0, GrantsOverdue: 0 },
  })
}

describe('a sweep of grants', () => {
  it('END-02 ends what is due, a minute after its end, as expired, and a second one does nothing', async () => {
    const world = aWorld()
    const { id, grant } = await world.active()
    world.clock.setTo(plusSeconds(grant.notAfter, 59))
    await expectIdle(world)
    world.clock.step(1)

    const { deeds, counts } = await swept(world)

    expect(deeds).toEqual([`ended ${id}`])
    expect(counts).toEqual({
      SweepHeartbeat: 1,
      SweepClosed: 1,
      SweepForeign: 0,
      SweepFailures: 0,
      GrantsLive: 1,
      GrantsOverdue: 0,
      LongestOverdueSeconds: 60,
    })
    expect(await world.request(id)).toMatchObject({
      status: 'ENDED',
      ending: { cause: 'expired', receipt: { detached: 1 } },
    })
    expect((await world.events(id)).at(-1)).toBe('ended')
    expect(world.announcer.told.at(-1)).toBe('ended alice')
    expect(world.iam.policies.size).toBe(0)
    await expectIdle(world)
  })

  it('END-02 never touches a live grant, at any time before its end, but for one warning of it', async () => {
    const world = aWorld()
    const grants = [await world.active(), await world.active({ ask: { durationSeconds: 7200 } })]
    const first = grants[0]?.grant.notAfter ?? ASKED_AT
    const writes: string[] = []
    for (let seconds = 3590; seconds > 0; seconds -= 61) {
      world.clock.setTo(plusSeconds(first, -seconds))
      const seen = await swept(world)
      expect(seen).toMatchObject({ deeds: [], counts: { SweepClosed: 0, SweepForeign: 0, SweepFailures: 0 } })
      writes.push(...seen.writes)
    }
    expect(writes).toEqual(['store.commit', 'announcer.announce'])
    for (const { id } of grants) expect((await world.request(id)).status).toBe('ACTIVE')
    expect(world.iam.policies.size).toBe(2)
  })

  it('END-02 never ends a grant that comes into force while it looks, at whatever call', async () => {
    const ended: string[] = []
    for (const call of ['ListPolicies', 'ListEntitiesForPolicy', 'store.find', 'open.query']) {
      for (const moment of ['before', 'after']) {
        const world = aWorld()
        const { id } = await world.approved()
        await world.issue(id)
        await during(world, call, moment === 'before', () => world.attach(id))
        await world.sweep()

        const { status } = await world.request(id)
        if (status !== 'ACTIVE') ended.push(`${moment} ${call}: ${status}`)
      }
    }
    expect(ended).toEqual([])
  })

  it('END-02 never ends a grant whose policy was made and attached after it had listed IAM', async () => {
    const world = aWorld()
    const { id } = await world.approved()
    await during(world, 'open.query', true, async () => {
      await world.issue(id)
      await world.attach(id)
    })

    expect((await swept(world)).deeds).toEqual([])
    expect((await world.request(id)).status).toBe('ACTIVE')
  })

  it('END-06 takes what came back after its end away, and says so once', async () => {
    const world = aWorld()
    const { id, grant } = await world.active()
    world.clock.setTo(grant.notAfter)
    await world.end(id)
    await world.iam.create({ arn: grant.policyArn, document: DOCUMENT, tags: {} })
    world.iam.attachTo(`user ${arnOf('bob')}`, grant.policyArn)

    expect((await swept(world)).deeds).toEqual([`ended ${id}`])

    expect((await world.events(id)).slice(-2)).toEqual(['ended', 'second-look'])
    expect(world.iam.policies.size).toBe(0)
    await expectIdle(world)
  })

  it('END-02 closes an orphan: the policy was made, and nothing came after', async () => {
    const world = aWorld()
    const { id } = await world.approved()
    await world.issue(id)
    world.clock.step(899)
    await expectIdle(world)
    world.clock.step(1)

    expect((await swept(world)).deeds).toEqual([`ended ${id}`])

    expect(await world.request(id)).toMatchObject({ status: 'FAILED', ending: { receipt: { detached: 0 } } })
    expect(world.announcer.told.at(-1)).toBe('failed alice')
    expect(world.iam.policies.size).toBe(0)
    await expectIdle(world)
  })

  it('END-02 closes an orphan that was attached and never recorded', async () => {
    const world = aWorld()
    const { id } = await world.approved()
    await world.issue(id)
    world.faults.failNext('store.commit')
    await expect(world.attach(id)).rejects.toThrow()
    world.clock.step(900)

    expect((await swept(world)).deeds).toEqual([`ended ${id}`])

    expect(await world.request(id)).toMatchObject({ status: 'FAILED', ending: { receipt: { detached: 1 } } })
    await expectIdle(world)
  })

  it('END-02 an orphan of a grant shorter than the time to get stuck goes at its end', async () => {
    const world = aWorld()
    const { id, grant } = await world.approved({ ask: { durationSeconds: 300 } })
    await world.issue(id)
    world.clock.setTo(plusSeconds(grant.notAfter, 60))

    expect((await swept(world)).deeds).toEqual([`ended ${id}`])
    expect((await world.request(id)).status).toBe('FAILED')
  })

  it('END-02 fails an approved request that never got a policy, with a receipt', async () => {
    const world = aWorld()
    const { id } = await world.approved()
    world.clock.step(900)

    expect((await swept(world)).deeds).toEqual([`ended ${id}`])

    expect(await world.request(id)).toMatchObject({
      status: 'FAILED',
      ending: { receipt: { policy: 'NoSuchEntity', detached: 0 } },
    })
    await expectIdle(world)
  })

  it('END-05 under a freeze ends everything, with the cause frozen', async () => {
    const world = aWorld()
    const ids = [(await world.active()).id, (await world.approved()).id]
    await world.issue(ids[1] ?? '')
    await world.freezes.freeze({ by: 'adam', at: ASKED_AT, reason: 'an intruder' })

    expect((await swept(world)).deeds).toEqual(ids.map(id => `ended ${id}`))

    for (const id of ids)
      expect(await world.request(id)).toMatchObject({ status: 'ENDED', ending: { cause: 'frozen' } })
    await expectIdle(world)
  })
})

describe('what others did to a grant', () => {
  it('END-06 a holder that is not its person loses it; the grant stays, and the ledger says who had it', async () => {
    const world = aWorld()
    const { id, grant } = await world.active()
    world.iam.attachTo('role deployer', grant.policyArn)
    world.iam.attachTo(`user ${arnOf('bob')}`, grant.policyArn)

    expect(await swept(world)).toMatchObject({ deeds: [`detached ${id}`], counts: { SweepForeign: 1, SweepClosed: 0 } })

    expect(world.iam.attachmentsOf(grant.policyArn)).toEqual([`user ${arnOf('alice')}`])
    expect((await world.events(id)).at(-1)).toBe('drift-removed')
    expect((await world.details(id)).at(-1)).toEqual({
      policyArn: grant.policyArn,
      from: ['role/deployer', 'user/bob'],
    })
    expect((await world.request(id)).status).toBe('ACTIVE')
    await expectIdle(world)
  })

  it.each(['before', 'after'] as const)(
    'END-06 every holder that lost it is in the ledger, whatever call fails %s it was done',
    async moment => {
      const calls = await driftCalls()
      const lost: string[] = []
      for (const [index, call] of calls.entries()) {
        const { world, id } = await aDrift()
        world.faults.reset()
        world.faults.failAt(index, moment)
        await world.sweep().catch(() => {})
        world.faults.heal()
        await world.sweep()

        const recorded = (await world.details(id)).flatMap(({ from }) => (Array.isArray(from) ? from : []))
        if (new Set(recorded).size < 2) lost.push(`${call} (${index})`)
      }
      expect(lost).toEqual([])
    },
  )

  it.each<[string, (world: World, arn: string) => void]>([
    ['written in another version', (world, arn) => world.iam.addVersion(arn, DOCUMENT, { asDefault: true })],
    ['detached by hand', (world, arn) => world.iam.detachFrom(`user ${arnOf('alice')}`, arn)],
    [
      'moved to another principal',
      (world, arn) => {
        world.iam.detachFrom(`user ${arnOf('alice')}`, arn)
        world.iam.attachTo(`user ${arnOf('bob')}`, arn)
      },
    ],
    ['deleted by hand', (world, arn) => world.iam.policies.delete(arn)],
    ['of a user made again under the same name', world => world.iam.addUser(arnOf('alice'))],
  ])('END-06 a policy %s ends its grant as external', async (_how, change) => {
    const world = aWorld()
    const { id, grant } = await world.active()
    world.clock.step(120)
    change(world, grant.policyArn)

    expect((await swept(world)).deeds).toEqual([`ended ${id}`])

    expect(await world.request(id)).toMatchObject({ status: 'ENDED', ending: { cause: 'external' } })
    expect(world.iam.policies.size).toBe(0)
    await expectIdle(world)
  })

  it('END-06 a policy deleted and made again without its fence ends its grant as external', async () => {
    const world = aWorld()
    const { id, grant } = await world.active()
    world.iam.policies.delete(grant.policyArn)
    const Statement = [{ Sid: 'All', Effect: 'Allow', Action: ['*'], Resource: ['*'], Condition: {} }] as const
    await world.iam.create({ arn: grant.policyArn, document: { Version: '2012-10-17', Statement }, tags: {} })
    world.iam.attachTo(`user ${arnOf('alice')}`, grant.policyArn)

    expect((await swept(world)).deeds).toEqual([`ended ${id}`])
    expect(world.iam.policies.size).toBe(0)
  })

  it('END-06 an unknown policy under the path is removed; one beside the path is left', async () => {
    const world = aWorld()
    const { id } = await world.active()
    const unknown = [`${PATH}01JQ0000000000000000000000`, `${PATH}sub/backdoor`, `${PATH}${(await world.started()).id}`]
    for (const arn of unknown) await world.iam.create({ arn, document: DOCUMENT, tags: {} })
    world.iam.attachTo(`user ${arnOf('bob')}`, unknown[0] ?? '')
    const beside = 'arn:aws:iam::111122223333:policy/lapse/ceiling'
    await world.iam.create({ arn: beside, document: DOCUMENT, tags: {} })

    const { deeds, counts } = await swept(world)

    expect(deeds.toSorted()).toEqual(unknown.map(arn => `removed ${arn}`).toSorted())
    expect(counts).toMatchObject({ SweepForeign: 3, SweepClosed: 0 })
    expect([...world.iam.policies.keys()]).toEqual([(await world.granted(id)).grant.policyArn, beside])
    await expectIdle(world)
  })
})

describe('a sweep of requests', () => {
  it('APP-06 gives up what nobody answered, five minutes after the time to answer, and tells the requester', async () => {
    const world = aWorld()
    const { id, answerBy } = await world.asked()
    world.clock.setTo(plusSeconds(answerBy, 299))
    await expectIdle(world)
    world.clock.step(1)

    expect((await swept(world)).deeds).toEqual([`gave-up ${id}`])

    expect((await world.request(id)).status).toBe('UNANSWERED')
    expect(world.announcer.told.at(-1)).toBe('unanswered alice')
    await expectIdle(world)
  })

  it('APP-06 wakes the execution of an approved request that was not woken, with its token', async () => {
    const world = aWorld()
    const { id } = await world.asked()
    world.faults.failNext('workflow.approve')
    await world.decide('bob')
    expect(world.workflow.answers).toEqual([])
    world.clock.step(59)
    await expectIdle(world)
    world.clock.step(1)

    expect((await swept(world)).deeds).toEqual([`woke ${id}`])
    expect(world.workflow.answers).toEqual([{ kind: 'approved', requestId: id }])
  })

  it('APP-06 an execution that cannot be woken is a failure, and is tried at the next sweep', async () => {
    const world = aWorld()
    const { id } = await world.approved()
    world.clock.step(60)
    world.faults.reset()
    world.faults.failNext('workflow.approve')

    expect(await world.sweep()).toMatchObject([{ what: 'failed', of: id, error: { name: 'InjectedError' } }])
    expect(world.metrics.counts.at(-1)).toMatchObject({ SweepFailures: 1 })
    expect((await swept(world)).deeds).toEqual([`woke ${id}`])
  })

  it('APP-06 a wait that is gone is no failure and changes nothing', async () => {
    const world = aWorld()
    const { id } = await world.approved()
    world.workflow.runOut('task-token-1')
    world.clock.step(60)

    expect((await swept(world)).writes).toEqual(['taskTokens.find', 'workflow.approve'])
    expect((await world.request(id)).status).toBe('APPROVED')
  })

  it('END-02 leaves a request that is over alone, for ever', async () => {
    const world = aWorld()
    await world.asked()
    await world.decide('bob', { decision: 'deny' })
    await world.cancel((await world.asked()).id)
    world.clock.step(30 * 86_400)

    await expectIdle(world)
  })

  it('END-02 a row in the table that cannot be read keeps no other request from being swept', async () => {
    const world = aWorld()
    const [broken, good] = [await world.asked(), await world.asked()]
    world.store.tamper(requestKey(broken.id), row => ({ ...row, status: 'NONSENSE' }))
    world.clock.setTo(plusSeconds(good.answerBy, 300))

    await world.sweep().catch(() => {})

    expect((await world.request(good.id)).status).toBe('UNANSWERED')
    expect(world.metrics.counts.at(-1)).toMatchObject({ SweepHeartbeat: 1, SweepFailures: 1 })
  })
})

async function aDrift() {
  const world = aWorld()
  const { id, grant } = await world.active()
  world.iam.attachTo('role deployer', grant.policyArn)
  world.iam.attachTo(`user ${arnOf('bob')}`, grant.policyArn)
  return { world, id }
}

async function driftCalls(): Promise<readonly string[]> {
  const { world } = await aDrift()
  world.faults.reset()
  await sweep(world.deps)
  return [...world.faults.calls]
}

/** Does something else at the first call of this name of the sweep: just before it, or just after. */
async function during(world: World, call: string, isBefore: boolean, work: () => Promise<unknown>): Promise<void> {
  const around = world.faults.around.bind(world.faults)
  let isDone = false
  const meanwhile = async (): Promise<void> => {
    isDone = true
    await work()
  }
  world.faults.around = async (name, apply) => {
    if (isDone || name !== call) return around(name, apply)
    if (isBefore) await meanwhile()
    const answer = await around(name, apply)
    if (!isBefore) await meanwhile()
    return answer
  }
}
