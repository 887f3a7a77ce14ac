import { describe, expect, it } from '@jest/globals'
import type { Entitlement } from '../../lambdas/domain/access-file.ts'
import { plusSeconds } from '../../lambdas/domain/instant.ts'
import { WEEK_SECONDS } from '../../lambdas/domain/uses.ts'
import { anEmergencyWorld, BREAK_GLASS, RULE } from '../support/emergency-world.ts'

async function fiftyAtOnce(overrides: Partial<Entitlement>) {
  const world = anEmergencyWorld(overrides)
  const outcomes = await Promise.all(Array.from({ length: 50 }, () => world.ask()))
  const accepted = outcomes.flatMap(each => (each.outcome === 'accepted' ? [each.request] : []))
  const codes = outcomes.flatMap(each => (each.outcome === 'refused' ? [each.refusal.code] : []))
  return { world, accepted, codes }
}

describe('fifty asks at once', () => {
  it('REQ-10 pass a cap on open requests no oftener than it says', async () => {
    const { accepted, codes } = await fiftyAtOnce({ caps: { mostOpen: 3 } })

    expect(accepted).toHaveLength(3)
    expect(codes).toEqual(Array.from({ length: 47 }, () => 'cap-reached'))
  })

  it('REQ-10 pass a cap on grants in seven days no oftener than it says', async () => {
    expect((await fiftyAtOnce({ caps: { mostPerWeek: 3 } })).accepted).toHaveLength(3)
  })

  it('REQ-10 pass a cap on time in seven days no oftener than it says', async () => {
    expect((await fiftyAtOnce({ caps: { mostSecondsPerWeek: 3 * 3600 + 1800 } })).accepted).toHaveLength(3)
  })

  it('APP-07 are approved by rule no oftener than it says, and the rest waits for people', async () => {
    const { world, accepted } = await fiftyAtOnce({ automatic: [RULE] })

    expect(accepted).toHaveLength(50)
    expect(accepted.filter(({ automatic }) => automatic === RULE.name)).toHaveLength(3)
    await Promise.all(accepted.map(({ id }) => world.askApprovers(id)))
    const after = await Promise.all(accepted.map(({ id }) => world.request(id)))
    expect(after.filter(({ status }) => status === 'APPROVED')).toHaveLength(3)
    expect(after.filter(({ status }) => status === 'PENDING')).toHaveLength(47)
  })

  it('REQ-10 of entitlements without caps, rules or break-glass are not counted at all', async () => {
    const { world, accepted } = await fiftyAtOnce({})

    expect(accepted).toHaveLength(50)
    expect(world.faults.calls).not.toContain('store.usesOf')
  })
})

describe('a counted ask', () => {
  it('REQ-10 that ended without a grant no longer counts; one that had a grant does', async () => {
    const world = anEmergencyWorld({ caps: { mostPerWeek: 2 } })
    const cancelled = await world.asked()
    await world.cancel(cancelled.id)
    const used = await world.active()
    await world.endEarly(used.id, 'returned')

    expect(await world.ask()).toMatchObject({ outcome: 'accepted' })
    expect(await world.ask()).toMatchObject({ outcome: 'refused', refusal: { code: 'cap-reached' } })
    expect((await world.store.usesOf('alice')).uses.map(({ requestId }) => requestId)).not.toContain(cancelled.id)
  })

  it('REQ-10 frees its place among the open ones when it is over, and passes when the refusal said so', async () => {
    const world = anEmergencyWorld({ caps: { mostOpen: 1, mostPerWeek: 1 } })
    const { id, askedAt } = await world.active()
    expect(await world.ask()).toMatchObject({ refusal: { detail: '1 request of logs-read is open; the cap is 1' } })
    await world.endEarly(id, 'returned')
    expect(await world.ask()).toMatchObject({ refusal: { wouldPass: 'the same request from 2027-03-08T10:00:00Z' } })

    world.clock.setTo(plusSeconds(askedAt, WEEK_SECONDS))

    expect(await world.ask()).toMatchObject({ outcome: 'accepted' })
  })

  it('REQ-10 a refusal is recorded, and is itself not counted', async () => {
    const world = anEmergencyWorld({ caps: { mostOpen: 1 } })
    await world.started()
    const { version } = await world.store.usesOf('alice')

    const refused = await world.ask()

    if (refused.outcome !== 'refused') throw new Error(refused.outcome)
    expect(await world.events(refused.request.id)).toEqual(['refused'])
    expect(await world.store.usesOf('alice')).toMatchObject({ version, uses: [{ isOpen: true }] })
    expect(world.workflow.started.size).toBe(1)
  })

  it('REQ-06 repeated with its key is the same one, though the cap is reached by now', async () => {
    const world = anEmergencyWorld({ caps: { mostOpen: 1 } })
    const first = await world.ask({ idempotencyKey: 'k' })

    const second = await world.ask({ idempotencyKey: 'k' })

    if (first.outcome !== 'accepted') throw new Error(first.outcome)
    expect(second).toMatchObject({ outcome: 'accepted', isRepeat: true, request: { id: first.request.id } })
    expect((await world.store.usesOf('alice')).uses).toHaveLength(1)
  })

  it('REQ-06 an emergency is another body than an ordinary ask', async () => {
    const world = anEmergencyWorld()
    await world.ask({ idempotencyKey: 'k' })

    expect(await world.ask({ idempotencyKey: 'k', ask: { isBreakGlass: true } })).toMatchObject({
      outcome: 'key-reused',
    })
  })

  it('REQ-10 is counted when only the answer of the write got lost', async () => {
    const world = anEmergencyWorld({ caps: { mostOpen: 1 } })
    world.faults.failNext('store.create', 1, 'after')
    await expect(world.ask({ idempotencyKey: 'k' })).rejects.toThrow('got lost')

    expect(await world.ask({ idempotencyKey: 'other' })).toMatchObject({ refusal: { code: 'cap-reached' } })
    expect(await world.ask({ idempotencyKey: 'k' })).toMatchObject({ outcome: 'accepted', isRepeat: true })
  })

  it('REQ-10 an emergency counts for what is asked afterwards', async () => {
    const world = anEmergencyWorld({ caps: { mostOpen: 1 }, breakGlass: BREAK_GLASS })
    await world.started()

    expect(await world.ask({ ask: { isBreakGlass: true } })).toMatchObject({ outcome: 'accepted' })

    expect(await world.ask()).toMatchObject({ refusal: { detail: '2 requests of logs-read are open; the cap is 1' } })
  })
})

describe('an extension', () => {
  it('REQ-07 is a new request from the end of the grant in force on, linked both ways, and lengthens nothing', async () => {
    const world = anEmergencyWorld({})
    const old = await world.active()

    const extended = await world.extend(old.id)

    if (extended.outcome !== 'accepted') throw new Error(extended.outcome)
    const { request } = extended
    expect(request).toMatchObject({
      status: 'PENDING',
      entitlement: old.entitlement,
      parameters: old.parameters,
      durationSeconds: 1800,
      earliestStart: old.grant.notAfter,
      extends: old.id,
    })
    expect((await world.details(request.id))[0]).toMatchObject({ extends: old.id })
    expect((await world.events(old.id)).at(-1)).toBe('extension-asked')
    expect((await world.details(old.id)).at(-1)).toEqual({ extension: request.id, duration: 'PT30M' })
    await world.askApprovers(request.id)
    await world.decide('bob')
    expect((await world.granted(request.id)).grant).toMatchObject({
      notBefore: old.grant.notAfter,
      notAfter: plusSeconds(old.grant.notAfter, 1800),
    })
    expect((await world.granted(old.id)).grant).toEqual(old.grant)
  })

  it('REQ-07 that is approved after the old end starts at its approval', async () => {
    const world = anEmergencyWorld({})
    const old = await world.active()
    const extended = await world.extend(old.id)
    if (extended.outcome !== 'accepted') throw new Error(extended.outcome)
    await world.askApprovers(extended.request.id)
    world.clock.setTo(plusSeconds(old.grant.notAfter, 60))
    await world.askApprovers(extended.request.id, 1)

    await world.decide('bob')

    const { grant } = await world.granted(extended.request.id)
    expect(grant.notBefore).toEqual(plusSeconds(old.grant.notAfter, 60))
  })

  it('REQ-07 is judged by the same rules, caps and approvals; a refusal leaves the old request alone', async () => {
    const world = anEmergencyWorld({ caps: { mostSecondsPerWeek: 5400 } })
    const old = await world.active()

    expect(await world.extend(old.id, 8000)).toMatchObject({ refusal: { code: 'duration-too-long' } })
    expect(await world.extend(old.id, 3600)).toMatchObject({ refusal: { code: 'cap-reached' } })
    expect(await world.events(old.id)).not.toContain('extension-asked')
    expect(await world.extend(old.id, 1800)).toMatchObject({ outcome: 'accepted' })
  })

  it('REQ-07 needs nobody where a rule says so, and counts against it', async () => {
    const world = anEmergencyWorld({ automatic: [{ ...RULE, mostPerWeek: 1 }] })
    const { id } = await world.started()
    await world.askApprovers(id)
    await world.issue(id)
    await world.attach(id)

    const extended = await world.extend(id)

    if (extended.outcome !== 'accepted') throw new Error(extended.outcome)
    expect(extended.request.automatic).toBeUndefined()
  })

  it('REQ-07 is for a grant in force alone, and for its requester', async () => {
    const world = anEmergencyWorld({})
    const pending = await world.asked()
    expect(await world.extend(pending.id)).toEqual({ outcome: 'not-active', status: 'PENDING' })
    expect(await world.extend('01HZZZZZZZZZZZZZZZZZZZZZZZ')).toEqual({ outcome: 'unknown-request' })
    const over = await world.active()
    await world.endEarly(over.id)
    expect(await world.extend(over.id)).toEqual({ outcome: 'not-active', status: 'ENDED' })
    expect(await world.events(over.id)).not.toContain('extension-asked')
  })

  it('REQ-06 repeated with its key is the same one, even after the old grant has ended', async () => {
    const world = anEmergencyWorld({})
    const old = await world.active()
    const first = await world.extend(old.id, 1800, 'k')
    await world.endEarly(old.id)

    const second = await world.extend(old.id, 1800, 'k')

    if (first.outcome !== 'accepted') throw new Error(first.outcome)
    expect(second).toMatchObject({ outcome: 'accepted', isRepeat: true, request: { id: first.request.id } })
    expect(await world.extend(old.id, 2400, 'k')).toMatchObject({ outcome: 'key-reused' })
    expect((await world.events(old.id)).filter(type => type === 'extension-asked')).toHaveLength(1)
  })

  it('REQ-07 that meets the end of the old grant is made with its link or not at all', async () => {
    for (let delay = 0; delay < 30; delay += 3) {
      const world = anEmergencyWorld({})
      const old = await world.active()
      const ending = (async () => {
        for (let turn = 0; turn < delay; turn += 1) await new Promise(resolve => setImmediate(resolve))
        await world.endEarly(old.id)
      })()

      const [extended] = await Promise.all([world.extend(old.id), ending])

      const links = (await world.events(old.id)).filter(type => type === 'extension-asked')
      expect({ delay, links: links.length }).toEqual({ delay, links: extended.outcome === 'accepted' ? 1 : 0 })
    }
  })
})
