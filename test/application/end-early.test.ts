import { describe, expect, it } from '@jest/globals'
import { GrantRefusedError } from '../../lambdas/domain/errors.ts'
import type { Moment } from '../support/faults.ts'
import { arnOf, aWorld, type World } from '../support/world.ts'

/** From this call on IAM is away: the process dies there, or every try of it fails. */
function breakOff(world: World, at: string, moment: Moment): void {
  let isOff = false
  world.faults.failFrom(0, call => {
    const wasOff = isOff
    isOff ||= call === at
    return wasOff && /^[A-Z]/.test(call)
  })
  world.faults.failNext(at, 1, moment)
}

describe('an end before its time', () => {
  it.each(['returned', 'revoked'] as const)('END-04 of a grant in force takes it away at once: %s', async cause => {
    const world = aWorld()
    const { id, grant } = await world.active()
    world.clock.step(600)

    const ended = await world.endEarly(id, cause)

    expect(ended).toMatchObject({
      outcome: 'ended',
      request: {
        status: 'ENDED',
        ending: {
          cause,
          receipt: {
            policyArn: grant.policyArn,
            verifiedAt: new Date('2027-03-01T10:25:02Z'),
            policy: 'NoSuchEntity',
            detached: 1,
          },
        },
      },
    })
    expect((await world.events(id)).at(-1)).toBe('ended')
    expect((await world.details(id)).at(-1)).toMatchObject({ cause, plannedEnd: '2027-03-01T11:15:00Z' })
    const person = cause === 'returned' ? 'alice' : 'adam'
    expect((await world.store.history(id))?.events.at(-1)?.actor).toEqual({ person })
    expect(world.announcer.told.at(-1)).toBe('ended alice')
    expect(world.iam.policies.size).toBe(0)
  })

  it('END-04 of an approved request that is not in force yet ends it, and it never comes into force', async () => {
    for (const isIssued of [false, true]) {
      const world = aWorld()
      const { id } = await world.approved()
      if (isIssued) await world.issue(id)

      expect(await world.endEarly(id)).toMatchObject({ outcome: 'ended', request: { ending: { cause: 'revoked' } } })

      await expect(world.issue(id)).rejects.toThrow(GrantRefusedError)
      await expect(world.attach(id)).rejects.toThrow(GrantRefusedError)
      expect(world.iam.policies.size).toBe(0)
    }
  })

  it('END-04 twice is once: the second time there is no grant to end', async () => {
    const world = aWorld()
    const { id } = await world.active()
    await world.endEarly(id, 'returned')
    const before = new Map(world.store.rows)

    expect(await world.endEarly(id, 'revoked')).toEqual({ outcome: 'no-grant', status: 'ENDED' })

    expect(world.store.rows).toEqual(before)
    expect(world.announcer.of('ended')).toHaveLength(1)
  })

  it('END-04 by two at once has one cause, and both are answered', async () => {
    const world = aWorld()
    const { id } = await world.active()

    const outcomes = await Promise.all([world.endEarly(id, 'returned'), world.endEarly(id, 'revoked')])

    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['ended', 'no-grant'])
    expect((await world.events(id)).filter(type => type === 'ended')).toHaveLength(1)
    expect((await world.events(id)).filter(type => type === 'end-ordered').length).toBeLessThanOrEqual(1)
    expect(world.announcer.of('ended')).toHaveLength(1)
  })

  it('END-04 of a request without a grant changes nothing', async () => {
    const world = aWorld()
    const { id } = await world.asked()
    const calls = world.faults.calls.length

    expect(await world.endEarly(id)).toEqual({ outcome: 'no-grant', status: 'PENDING' })

    expect(world.faults.calls.slice(calls)).toEqual(['store.history'])
    expect((await world.request(id)).status).toBe('PENDING')
  })

  it('END-04 leaves the workflow to look again at the planned end, which finds nothing and tells nobody', async () => {
    const world = aWorld()
    const { id, grant } = await world.active()
    await world.endEarly(id)
    const told = world.announcer.told.length
    const events = await world.events(id)
    world.clock.setTo(grant.notAfter)

    expect(await world.end(id)).toMatchObject({ outcome: 'was-over', detached: 0 })

    expect(await world.events(id)).toEqual(events)
    expect(world.announcer.told).toHaveLength(told)
  })

  it('END-04 that breaks off is finished by the sweep, with the cause and the person it was ordered by', async () => {
    for (const call of ['GetPolicy', 'DetachPolicy', 'DeletePolicy'])
      for (const moment of ['before', 'after'] as const) {
        const world = aWorld()
        const { id } = await world.active()
        breakOff(world, call, moment)
        await expect(world.endEarly(id, 'returned')).rejects.toThrow()

        world.faults.heal()
        world.clock.step(300)
        await world.sweep()

        const { status, ending } = await world.request(id)
        expect({ call, moment, status, cause: ending?.cause }).toEqual({
          call,
          moment,
          status: 'ENDED',
          cause: 'returned',
        })
        expect((await world.store.history(id))?.events.at(-1)?.actor).toEqual({ person: 'alice' })
        expect(world.announcer.told.at(-1)).toBe('ended alice')
      }
  })

  it('END-04 that was only ordered is carried out by the next sweep', async () => {
    const world = aWorld()
    const { id } = await world.active()
    breakOff(world, 'GetPolicy', 'before')
    await expect(world.endEarly(id)).rejects.toThrow()
    expect(world.iam.policies.size).toBe(1)
    world.faults.heal()

    world.clock.step(300)
    await world.sweep()

    expect(await world.request(id)).toMatchObject({ status: 'ENDED', ending: { cause: 'revoked' } })
    expect(world.iam.policies.size).toBe(0)
  })
})

describe('a freeze', () => {
  it('END-05 ends everything that lives, at whatever point of its way, with receipts', async () => {
    const world = aWorld()
    const active = [await world.active(), await world.active({ requester: 'alice' })]
    const approved = await world.approved()
    const issued = await world.approved()
    await world.issue(issued.id)
    const pending = await world.asked()

    const { freeze, ended, failed } = await world.freeze()

    expect(freeze).toMatchObject({ by: 'adam', reason: 'an intruder' })
    expect(failed).toEqual([])
    const ids = [...active, approved, issued].map(({ id }) => id)
    expect(ended.map(({ requestId }) => requestId).sort()).toEqual(ids.toSorted())
    for (const { receipt } of ended) expect(receipt).toMatchObject({ policy: 'NoSuchEntity' })
    for (const id of ids)
      expect(await world.request(id)).toMatchObject({ status: 'ENDED', ending: { cause: 'frozen' } })
    expect((await world.request(pending.id)).status).toBe('PENDING')
    expect(world.iam.policies.size).toBe(0)
    expect(world.announcer.of('ended')).toHaveLength(4)
  })

  it('END-05 refuses new requests, recorded, and lets them in again when it is lifted', async () => {
    const world = aWorld()
    await world.freeze()

    const refused = await world.ask({ idempotencyKey: 'k' })

    expect(refused).toMatchObject({
      outcome: 'refused',
      refusal: { code: 'frozen', detail: expect.stringContaining('an intruder') },
      request: { status: 'REFUSED' },
    })
    if (refused.outcome === 'refused') expect(await world.events(refused.request.id)).toEqual(['refused'])
    expect(await world.ask({ idempotencyKey: 'k' })).toMatchObject({ outcome: 'refused', refusal: { code: 'frozen' } })
    expect(await world.ask({ ask: { entitlement: 'nothing' } })).toMatchObject({ outcome: 'unknown-entitlement' })

    await world.freezes.lift()
    expect(await world.ask()).toMatchObject({ outcome: 'accepted' })
  })

  it('END-05 keeps what is approved meanwhile from being issued and attached, until it is lifted', async () => {
    const world = aWorld()
    const { id } = await world.asked()
    await world.freeze()
    await world.decide('bob')

    await expect(world.issue(id)).rejects.toThrow(/frozen/)
    await world.freezes.lift()
    await world.issue(id)
    await world.freezes.freeze({ by: 'adam', at: world.clock.now(), reason: 'again' })
    await expect(world.attach(id)).rejects.toThrow(GrantRefusedError)
    expect(world.iam.attachmentsOf((await world.granted(id)).grant.policyArn)).toEqual([])

    await world.freezes.lift()
    await world.attach(id)
    expect((await world.request(id)).status).toBe('ACTIVE')
  })

  it('END-05 a second time keeps the first, and ends what the first could not', async () => {
    const world = aWorld()
    const { id } = await world.active()
    breakOff(world, 'DetachPolicy', 'before')
    const first = await world.freeze()
    world.faults.heal()
    expect(first).toMatchObject({ ended: [], failed: [{ requestId: id, why: 'InjectedError' }] })
    world.clock.step(60)

    const second = await world.freeze()

    expect(second.freeze).toEqual(first.freeze)
    expect(second).toMatchObject({ ended: [{ requestId: id, receipt: { detached: 1 } }], failed: [] })
  })

  it('END-05 what it could not end is in its answer, keeps nothing else, and the sweep ends it as frozen', async () => {
    const world = aWorld()
    const ids = [(await world.active()).id, (await world.active()).id, (await world.active()).id]
    const remove = world.iam.remove.bind(world.iam)
    world.iam.remove = arn => (arn.endsWith(ids[1] ?? '') ? Promise.reject(new Error('AccessDenied')) : remove(arn))

    const { ended, failed } = await world.freeze()

    expect([ended.length, failed.length]).toEqual([2, 1])
    world.iam.remove = remove
    await world.sweep()
    for (const id of ids) expect((await world.request(id)).ending?.cause).toBe('frozen')
    expect(world.iam.policies.size).toBe(0)
  })

  it('END-05 ends what it knows of though IAM cannot be listed', async () => {
    const world = aWorld()
    const { id } = await world.active()
    world.faults.failNext('ListPolicies')

    await world.freeze().catch(() => {})

    expect((await world.request(id)).status).toBe('ENDED')
  })

  it('END-05 ends what IAM shows though the table cannot be listed', async () => {
    const world = aWorld()
    const { id } = await world.active()
    world.faults.failNext('open.query')

    await world.freeze().catch(() => {})

    expect((await world.request(id)).status).toBe('ENDED')
  })

  it('END-05 does not touch what is over, and an unknown policy is left to the sweep', async () => {
    const world = aWorld()
    const { id } = await world.active()
    await world.endEarly(id)
    const arn = 'arn:aws:iam::111122223333:policy/lapse/grant/20270301T120000Z/backdoor'
    await world.iam.create({ arn, document: { Version: '2012-10-17', Statement: [] }, tags: {} })
    world.iam.attachTo(`user ${arnOf('bob')}`, arn)

    const { ended, failed } = await world.freeze()

    expect(ended).toEqual([])
    expect(failed).toMatchObject([{ requestId: 'backdoor' }])
    await world.sweep()
    expect(world.iam.policies.size).toBe(0)
  })

  it('END-05 forty grants are all ended', async () => {
    const world = aWorld()
    const ids: string[] = []
    for (let count = 0; count < 40; count += 1) {
      ids.push((await world.active()).id)
      world.deps.quotas.attachedTo = async () => 0
    }

    const { ended, failed } = await world.freeze()

    expect([ended.length, failed.length]).toEqual([40, 0])
    expect(world.iam.policies.size).toBe(0)
  })
})
