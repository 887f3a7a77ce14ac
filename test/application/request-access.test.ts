import { describe, expect, it } from '@jest/globals'
import { anAccessFile, anEntitlement, aRule } from '../support/an-access-file.ts'
import { aWorld } from '../support/world.ts'

describe('asking', () => {
  it('REQ-05 a refusal is recorded with its rule and starts nothing', async () => {
    const world = aWorld()

    const outcome = await world.ask({ requester: 'bob' })

    if (outcome.outcome !== 'refused') throw new Error(outcome.outcome)
    expect(outcome.refusal).toMatchObject({ code: 'not-eligible', rule: 'default-deny' })
    expect(await world.events(outcome.request.id)).toEqual(['refused'])
    expect((await world.request(outcome.request.id)).status).toBe('REFUSED')
    expect(await world.details(outcome.request.id)).toMatchObject([
      { code: 'not-eligible', wouldPass: outcome.refusal.wouldPass },
    ])
    expect(world.workflow.started.size).toBe(0)
    expect(world.announcer.told).toEqual([])
  })

  it('REQ-05 an entitlement that does not exist is not recorded', async () => {
    const world = aWorld()

    for (const entitlement of ['nothing', 'constructor', '__proto__']) {
      expect(await world.ask({ ask: { entitlement } })).toMatchObject({
        outcome: 'unknown-entitlement',
        refusal: { code: 'unknown-entitlement', wouldPass: 'you may ask for logs-read' },
      })
    }
    expect(world.store.rows.size).toBe(0)
  })

  it('REQ-06 the same key and body give the same request', async () => {
    const world = aWorld()
    const first = await world.ask({ idempotencyKey: 'k', ticket: 'OPS-1' })
    world.clock.step(60)

    const second = await world.ask({ idempotencyKey: 'k', ticket: 'OPS-1' })

    if (first.outcome !== 'accepted') throw new Error(first.outcome)
    expect(second).toMatchObject({ outcome: 'accepted', isRepeat: true, request: { id: first.request.id } })
    expect((await world.store.list({ limit: 100 })).requests).toHaveLength(1)
    expect(await world.events(first.request.id)).toEqual(['asked'])
  })

  it('REQ-06 the same key with any part of the body changed is a conflict that writes nothing', async () => {
    const access = anAccessFile({
      entitlements: [
        anEntitlement({ parameters: { bucket: { description: 'a bucket', pattern: '[a-z]+', example: 'x' } } }),
        anEntitlement({ id: 'other' }),
      ],
    })
    const ask = { parameters: { bucket: 'logs' } }
    const changes = [
      { ask: { ...ask, durationSeconds: 1800 } },
      { ask: { ...ask, durationSeconds: undefined } },
      { ask: { parameters: { bucket: 'audit' } } },
      { ask: { entitlement: 'other' } },
      { ask: { ...ask, earliestStart: new Date('2027-03-02T10:00:00Z') } },
      { ask, reason: 'another reason' },
      { ask, ticket: 'OPS-2' },
    ]
    for (const change of changes) {
      const world = aWorld({ access })
      const first = await world.ask({ ask, idempotencyKey: 'k' })
      if (first.outcome !== 'accepted') throw new Error(first.outcome)
      const rows = new Map(world.store.rows)

      expect(await world.ask({ ...change, idempotencyKey: 'k' })).toEqual({
        outcome: 'key-reused',
        requestId: first.request.id,
      })
      expect(world.store.rows).toEqual(rows)
    }
  })

  it('REQ-06 keys of different people never meet', async () => {
    const rules = [aRule({ members: ['alice', 'carol'] })]
    const world = aWorld({ access: anAccessFile({ entitlements: [anEntitlement({ rules })] }) })
    await world.ask({ idempotencyKey: 'k' })

    expect(await world.ask({ requester: 'carol', idempotencyKey: 'k', reason: 'mine' })).toMatchObject({
      outcome: 'accepted',
      isRepeat: false,
      request: { requester: 'carol' },
    })
  })

  it('REQ-06 a call repeated after the first died before the start starts the execution', async () => {
    const world = aWorld()
    world.faults.failNext('store.create', 1, 'after')
    await expect(world.ask({ idempotencyKey: 'k' })).rejects.toThrow('got lost')
    expect(world.workflow.started.size).toBe(0)

    const second = await world.ask({ idempotencyKey: 'k' })

    if (second.outcome !== 'accepted') throw new Error(second.outcome)
    expect(second.isRepeat).toBe(true)
    expect([...world.workflow.started.keys()]).toEqual([second.request.id])
    expect(await world.events(second.request.id)).toEqual(['asked'])
  })

  it('REQ-06 a repeated refusal is the same refusal', async () => {
    const world = aWorld()
    const first = await world.ask({ idempotencyKey: 'k', ask: { durationSeconds: 90_000 } })

    const second = await world.ask({ idempotencyKey: 'k', ask: { durationSeconds: 90_000 } })

    if (first.outcome !== 'refused' || second.outcome !== 'refused') throw new Error(second.outcome)
    const { code, rule, detail, wouldPass } = first.refusal
    expect(second.refusal).toEqual({ code, rule, detail, wouldPass })
    expect(second.request.id).toBe(first.request.id)
  })

  it('REQ-06 a repeated call does not start what is already over', async () => {
    const world = aWorld()
    const first = await world.ask({ idempotencyKey: 'k' })
    if (first.outcome !== 'accepted') throw new Error(first.outcome)
    await world.cancel(first.request.id)
    world.workflow.started.clear()

    expect(await world.ask({ idempotencyKey: 'k' })).toMatchObject({
      outcome: 'accepted',
      request: { status: 'CANCELLED' },
    })
    expect(world.workflow.started.size).toBe(0)
  })

  it('REQ-06 twenty equal calls at once are one request', async () => {
    const world = aWorld()

    const outcomes = await Promise.all(Array.from({ length: 20 }, () => world.ask({ idempotencyKey: 'k' })))

    const ids = outcomes.map(one => (one.outcome === 'accepted' ? one.request.id : one.outcome))
    expect(new Set(ids).size).toBe(1)
    expect(outcomes.filter(one => one.outcome === 'accepted' && !one.isRepeat)).toHaveLength(1)
    expect(world.workflow.started.size).toBe(1)
  })

  it('REQ-01 a request whose workflow cannot be started fails, recorded', async () => {
    const world = aWorld()
    world.faults.failNext('workflow.start')

    const outcome = await world.ask()

    if (outcome.outcome !== 'not-started') throw new Error(outcome.outcome)
    expect(await world.request(outcome.requestId)).toMatchObject({ status: 'FAILED' })
    expect(await world.events(outcome.requestId)).toEqual(['asked', 'failed'])
  })

  it('REQ-01 an execution that runs although its start seemed to fail finds the request over and ends', async () => {
    const world = aWorld()
    world.faults.failNext('workflow.start', 1, 'after')
    const outcome = await world.ask()
    if (outcome.outcome !== 'not-started') throw new Error(outcome.outcome)

    await world.askApprovers(outcome.requestId)

    expect(world.workflow.answers).toEqual([{ kind: 'closed', why: 'FAILED' }])
    expect(world.announcer.told).toEqual([])
  })
})

describe('cancelling', () => {
  it('REQ-07 takes a pending request back, ends its wait and kills its links', async () => {
    const world = aWorld()
    const { id } = await world.asked()
    const { token } = world.mailTo('bob')

    expect(await world.cancel(id)).toMatchObject({ outcome: 'cancelled', request: { status: 'CANCELLED' } })
    expect(await world.events(id)).toEqual(['asked', 'approvers-asked', 'cancelled'])
    expect(world.workflow.answers).toEqual([{ kind: 'closed', why: 'CANCELLED' }])
    expect(await world.open(token)).toMatchObject({ outcome: 'answered', request: { status: 'CANCELLED' } })
    expect(await world.decide('bob')).toEqual({ outcome: 'dead' })
  })

  it('REQ-07 is too late after an approval and changes nothing', async () => {
    const world = aWorld()
    const { id } = await world.approved()
    const before = await world.request(id)

    expect(await world.cancel(id)).toEqual({ outcome: 'too-late', status: 'APPROVED' })
    expect(await world.request(id)).toEqual(before)
  })

  it('APP-10 of cancelling and approving at once one wins, and the execution hears only of that', async () => {
    for (let round = 0; round < 30; round += 1) {
      const world = aWorld()
      const { id } = await world.asked()
      const opened = await world.open(world.mailTo('bob').token)
      expect(opened.outcome).toBe('open')

      const [cancelled, decided] = await Promise.all(
        round % 2 === 0
          ? [world.cancel(id), world.decide('bob')]
          : [new Promise(resolve => setImmediate(resolve)).then(() => world.cancel(id)), world.decide('bob')],
      )

      const { status } = await world.request(id)
      const won = cancelled.outcome === 'cancelled' ? 'CANCELLED' : 'APPROVED'
      expect(status).toBe(won)
      expect(decided.outcome === 'decided').toBe(won === 'APPROVED')
      expect(await world.events(id)).toHaveLength(3)
      expect(world.workflow.answers).toHaveLength(1)
      expect(world.workflow.answers[0]?.kind).toBe(won === 'APPROVED' ? 'approved' : 'closed')
    }
  })
})
