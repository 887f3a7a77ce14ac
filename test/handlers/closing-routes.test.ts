import { describe, expect, it } from '@jest/globals'
import { verifyChain } from '../../lambdas/domain/ledger.ts'
import { aWorld, type World } from '../support/world.ts'
import { type Route, routesOf } from './routes.ts'

const UNKNOWN = '01JQ0000000000000000000000'
const POST = { method: 'POST' } as const

async function anActive() {
  const world = aWorld()
  const { id, grant } = await world.active()
  return { world, id, grant, ...routesOf(world) }
}

/** Every request that has no grant to end, by its status. */
const WITHOUT_A_GRANT: Readonly<Record<string, (world: World) => Promise<string>>> = {
  PENDING: async world => (await world.asked()).id,
  DENIED: async world => {
    const { id } = await world.asked()
    await world.decide('bob', { decision: 'deny' })
    return id
  },
  CANCELLED: async world => {
    const { id } = await world.asked()
    await world.cancel(id)
    return id
  },
  FAILED: async world => {
    const { id } = await world.approved()
    await world.end(id)
    return id
  },
  ENDED: async world => {
    const { id } = await world.active()
    await world.endEarly(id)
    return id
  },
}

describe.each([
  { route: 'end', person: 'alice', cause: 'returned', told: 'ended alice' },
  { route: 'revoke', person: 'adam', cause: 'revoked', told: 'ended alice' },
] as const)('POST /requests/{id}/$route', ({ route, person, cause, told }) => {
  it('END-04 ends the grant and answers with its receipt', async () => {
    const { world, id, grant, ...routes } = await anActive()

    const { status, body } = await routes[route]({ ...POST, person, path: `/requests/${id}/${route}` })

    expect({ status, body }).toMatchObject({
      status: 200,
      body: {
        requestId: id,
        status: 'ENDED',
        endCause: cause,
        receipt: {
          policyArn: grant.policyArn,
          verifiedAt: '2027-03-01T10:15:02Z',
          policy: 'NoSuchEntity',
          detached: 1,
        },
      },
    })
    expect(world.iam.policies.size).toBe(0)
    expect(world.announcer.told.at(-1)).toBe(told)
    expect(routes.lines).toEqual([])
  })

  it('END-04 a second time is a 409 no-grant that says what there is', async () => {
    const { id, ...routes } = await anActive()
    const call = { ...POST, person, path: `/requests/${id}/${route}` }
    await routes[route](call)

    expect(await routes[route](call)).toMatchObject({
      status: 409,
      body: { code: 'no-grant', requestId: id, detail: expect.stringContaining('ENDED') },
    })
  })

  it.each(Object.keys(WITHOUT_A_GRANT))('END-04 of a request that is %s is a 409 no-grant', async status => {
    const world = aWorld()
    const id = (await WITHOUT_A_GRANT[status]?.(world)) ?? ''
    const before = new Map(world.store.rows)

    const answer = await routesOf(world)[route]({ ...POST, person, path: `/requests/${id}/${route}` })

    expect(answer).toMatchObject({ status: 409, body: { code: 'no-grant', detail: expect.stringContaining(status) } })
    const cancel = 'POST /requests/{id}/cancel'
    expect(answer.body.wouldPass).toBe(status === 'PENDING' ? cancel : 'a request that is ACTIVE')
    expect(world.store.rows).toEqual(before)
  })

  it('END-04 of a request that is not there is a 404', async () => {
    const routes = routesOf(aWorld())

    for (const id of [UNKNOWN, 'x', '..']) {
      expect(await routes[route]({ ...POST, person, path: `/requests/${id}/${route}` })).toMatchObject({
        status: 404,
        body: { code: 'unknown-request' },
      })
    }
  })

  it('END-04 unsigned, or signed by nobody of the access file, is a 403', async () => {
    const { id, world, ...routes } = await anActive()
    const path = `/requests/${id}/${route}`

    expect(await routes[route]({ ...POST, path, isUnsigned: true })).toMatchObject({ status: 403 })
    expect(await routes[route]({ ...POST, path, person: 'nobody' })).toMatchObject({
      status: 403,
      body: { code: 'unknown-person' },
    })
    expect((await world.request(id)).status).toBe('ACTIVE')
  })

  it('END-04 that IAM does not confirm is a 500 that says nothing of the inside, and no end is written', async () => {
    const { id, world, ...routes } = await anActive()
    world.faults.failNext('DetachPolicy', Infinity)

    const { status, text } = await routes[route]({ ...POST, person, path: `/requests/${id}/${route}` })

    expect(status).toBe(500)
    expect(text).not.toMatch(/Injected|DetachPolicy/)
    expect((await world.request(id)).status).toBe('ACTIVE')
    expect(routes.lines.join('')).toContain('InjectedError')
  })
})

describe('who may', () => {
  it('END-04 end is for the requester alone; for anybody else there is no such request', async () => {
    const { id, world, end } = await anActive()

    for (const person of ['bob', 'adam', 'audrey']) {
      expect(await end({ ...POST, person, path: `/requests/${id}/end` })).toMatchObject({
        status: 404,
        body: { code: 'unknown-request' },
      })
    }
    expect((await world.request(id)).status).toBe('ACTIVE')
  })

  it('END-04 CLI-01 revoke keeps the reason in the event of the order, and refuses one that is none', async () => {
    const { id, world, revoke } = await anActive()
    const call = { ...POST, person: 'adam', path: `/requests/${id}/revoke` }

    for (const body of [{ reason: 'no' }, { reason: 4711 }, { because: 'the keys leaked' }]) {
      expect(await revoke({ ...call, body })).toMatchObject({ status: 400, body: { code: 'invalid-body' } })
    }
    expect((await world.store.find(id))?.status).toBe('ACTIVE')
    expect(await revoke({ ...call, body: { reason: 'the keys leaked' } })).toMatchObject({ status: 200 })

    const events = (await world.store.history(id))?.events ?? []
    expect(events.find(({ type }) => type === 'end-ordered')).toMatchObject({
      actor: { person: 'adam' },
      details: { cause: 'revoked', reason: 'the keys leaked' },
    })
    expect(verifyChain(id, events).outcome).toBe('intact')
  })

  it('END-04 revoke is for administrators alone, before anything is looked up', async () => {
    const { id, world, revoke } = await anActive()
    world.faults.reset()

    for (const person of ['alice', 'bob', 'audrey']) {
      for (const path of [`/requests/${id}/revoke`, `/requests/${UNKNOWN}/revoke`]) {
        expect(await revoke({ ...POST, person, path })).toMatchObject({
          status: 403,
          body: { code: 'not-an-administrator' },
        })
      }
    }
    expect(world.faults.calls).toEqual([])
  })

  it('END-05 freeze and lift are for administrators alone', async () => {
    const { world, freeze } = await anActive()
    world.faults.reset()

    for (const method of ['POST', 'DELETE']) {
      for (const person of ['alice', 'bob', 'audrey']) {
        const call = { method, person, path: '/freeze', body: { reason: 'an intruder' } }
        expect(await freeze(call)).toMatchObject({ status: 403, body: { code: 'not-an-administrator' } })
      }
    }
    expect(world.faults.calls).toEqual([])
  })
})

describe('/freeze', () => {
  const path = '/freeze'
  const freezing = { ...POST, person: 'adam', path, body: { reason: 'an intruder' } } as const

  it('END-05 POST freezes, ends every grant and answers with their receipts', async () => {
    const { world, id, grant, freeze, create } = await anActive()

    const { status, body } = await freeze(freezing)

    expect({ status, body }).toMatchObject({
      status: 200,
      body: {
        frozen: true,
        by: 'adam',
        at: '2027-03-01T10:15:02Z',
        reason: 'an intruder',
        ended: [{ requestId: id, receipt: { policyArn: grant.policyArn, policy: 'NoSuchEntity', detached: 1 } }],
        failed: [],
      },
    })
    expect(world.iam.policies.size).toBe(0)
    const refused = await create({ ...POST, body: { entitlement: 'logs-read', reason: 'the nightly job' } })
    expect(refused.status).toBeGreaterThanOrEqual(400)
    expect(refused.body).toMatchObject({ code: 'frozen', wouldPass: expect.stringContaining('lifted') })
  })

  it('END-05 POST a second time, by another, answers with the freeze that holds', async () => {
    const { world, freeze } = await anActive()
    await freeze(freezing)
    world.clock.step(60)

    expect(await freeze({ ...freezing, body: { reason: 'once more' } })).toMatchObject({
      status: 200,
      body: { reason: 'an intruder', at: '2027-03-01T10:15:02Z', ended: [], failed: [] },
    })
  })

  it('END-05 POST names what it could not end, with the name of the error alone', async () => {
    const { world, id, freeze } = await anActive()
    world.faults.failNext('DetachPolicy', Infinity)

    const { status, body } = await freeze(freezing)

    expect({ status, failed: body.failed }).toEqual({
      status: 200,
      failed: [{ requestId: id, why: 'InjectedError' }],
    })
  })

  it('END-05 DELETE lifts, and lifting what is not frozen is the same', async () => {
    const { freeze, create } = await anActive()
    await freeze(freezing)

    for (const _ of [1, 2]) {
      expect(await freeze({ method: 'DELETE', person: 'adam', path })).toMatchObject({
        status: 200,
        body: { frozen: false, by: 'adam', at: '2027-03-01T10:15:02Z' },
      })
    }
    expect((await create({ ...POST, body: { entitlement: 'logs-read', reason: 'the nightly job' } })).status).toBe(202)
  })

  it.each([
    [undefined, 'invalid-json'],
    ['{', 'invalid-json'],
    [{}, 'invalid-body'],
    [{ reason: 5 }, 'invalid-body'],
    [{ reason: 'abc' }, 'invalid-body'],
    [{ reason: ' '.repeat(20) }, 'invalid-body'],
    [{ reason: 'x'.repeat(1001) }, 'invalid-body'],
    [{ reason: 'an intruder', by: 'bob' }, 'invalid-body'],
  ])('END-05 POST with %j is a 400 %s, and nothing is frozen', async (body, code) => {
    const { world, id, freeze } = await anActive()

    const call: Parameters<Route>[0] = { ...POST, person: 'adam', path, ...(body !== undefined && { body }) }
    expect(await freeze(call)).toMatchObject({ status: 400, body: { code } })

    expect(await world.freezes.current()).toBeUndefined()
    expect((await world.request(id)).status).toBe('ACTIVE')
  })
})
