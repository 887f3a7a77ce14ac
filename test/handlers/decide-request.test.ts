import { describe, expect, it } from '@jest/globals'
import type { AccessFile, Entitlement } from '../../lambdas/domain/access-file.ts'
import { anAccessFile, anEntitlement, aStage } from '../support/an-access-file.ts'
import { aWorld } from '../support/world.ts'
import { routesOf } from './routes.ts'

function accessWith(entitlement: Partial<Entitlement>): AccessFile {
  return anAccessFile({ entitlements: [anEntitlement({ codeRequired: true, ...entitlement })] })
}

/** A request of Alice that waits for Bob, and what Bob's signed decision on it needs. */
async function anAskedHouse(access = accessWith({})) {
  const world = aWorld({ access })
  const { id } = await world.asked()
  const routes = routesOf(world)
  const path = `/requests/${id}/decision`
  const read = async (person = 'bob') => (await routes.read({ person, path: `/requests/${id}` })).body
  const { seen } = await read()
  const state = () => JSON.stringify([...world.store.rows])
  const sign = (body: object, person = 'bob') => routes.sign({ method: 'POST', person, path, body: { seen, ...body } })
  return { world, id, routes, path, read, seen, state, sign }
}

describe('GET /requests/{id} for an approver', () => {
  it('APP-09 gives what a signed decision needs: the hash, the stage, the statements, the durations', async () => {
    const { read, world, id } = await anAskedHouse()
    const opened = await world.open(world.mailTo('bob').token)

    expect(await read()).toMatchObject({
      seen: opened.outcome === 'open' ? opened.seen : '',
      decidable: {
        stage: 'owner',
        number: 1,
        statements: [{ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::prod-logs/*'] }],
        shortestDuration: 'PT5M',
        longestDuration: 'PT1H',
      },
    })
    expect((await world.request(id)).status).toBe('PENDING')
  })

  it.each(['alice', 'adam', 'audrey'])('APP-09 gives %s, who is no approver, nothing to decide by', async person => {
    const { read } = await anAskedHouse()

    expect(Object.keys(await read(person))).not.toEqual(expect.arrayContaining(['seen']))
    expect(Object.keys(await read(person))).not.toContain('decidable')
  })

  it('APP-09 gives it to the people of the open stage alone, and to nobody twice', async () => {
    const stages = [
      aStage({ approvers: ['bob', 'carol'], quorum: 2 }),
      aStage({ name: 'security', approvers: ['dave'] }),
    ]
    const { read, sign } = await anAskedHouse(accessWith({ stages }))
    const mayDecide = async () => {
      const bodies = await Promise.all(['bob', 'carol', 'dave'].map(read))
      return bodies.map(body => 'decidable' in body)
    }

    expect(await mayDecide()).toEqual([true, true, false])
    await sign({ decision: 'approve' })
    expect(await mayDecide()).toEqual([false, true, false])
    await sign({ decision: 'approve' }, 'carol')
    expect(await mayDecide()).toEqual([false, false, true])
  })

  it('APP-12 gives it no more when the time is over or the rules of today refuse the request', async () => {
    const late = await anAskedHouse()
    late.world.clock.step(14_400)
    const { world, id } = await anAskedHouse()
    const narrower = routesOf({ ...world, deps: { ...world.deps, access: accessWith({ rules: [] }) } })

    expect(Object.keys(await late.read())).not.toContain('seen')
    expect(Object.keys((await narrower.read({ person: 'bob', path: `/requests/${id}` })).body)).not.toContain('seen')
  })
})

describe('POST /requests/{id}/decision', () => {
  it('APP-09 approves as a link does, and says that it was signed', async () => {
    const { sign, world, id } = await anAskedHouse()

    const { status, body } = await sign({ decision: 'approve', comment: 'go on' })

    expect(status).toBe(200)
    expect(body).toMatchObject({
      status: 'APPROVED',
      decisions: [{ decision: 'approve', approver: 'bob', comment: 'go on', via: 'signed' }],
      grant: { notBefore: '2027-03-01T10:00:00Z', notAfter: '2027-03-01T11:00:00Z' },
    })
    expect(await world.events(id)).toEqual(['asked', 'approvers-asked', 'approved'])
    expect((await world.details(id)).at(-1)).toMatchObject({ via: 'signed', comment: 'go on', stage: 'owner' })
    expect(world.workflow.answers).toEqual([{ kind: 'approved', requestId: id }])
  })

  it('APP-09 denies as a link does, and the requester is told', async () => {
    const { sign, world, id } = await anAskedHouse()

    expect(await sign({ decision: 'deny', comment: 'not today' })).toMatchObject({
      status: 200,
      body: { status: 'DENIED' },
    })
    expect(world.workflow.answers).toEqual([{ kind: 'closed', why: 'DENIED' }])
    expect(world.announcer.told.at(-1)).toBe('denied alice')
    expect((await world.request(id)).grant).toBeUndefined()
  })

  it('APP-08 allows less than was asked: the grant ends earlier, and the answer tells both', async () => {
    const { sign } = await anAskedHouse()

    expect((await sign({ decision: 'approve', duration: 'PT30M' })).body).toMatchObject({
      duration: 'PT1H',
      allowedDuration: 'PT30M',
      decisions: [{ duration: 'PT30M' }],
      grant: { notAfter: '2027-03-01T10:30:00Z' },
    })
  })

  it.each([
    ['PT2H', 422, 'duration-too-long'],
    ['PT1M', 422, 'duration-too-short'],
    ['half an hour', 400, 'invalid-body'],
    ['PT0S', 400, 'invalid-body'],
    [1800, 400, 'invalid-body'],
  ])('APP-08 the duration %j is %i %s, says what would pass and changes nothing', async (duration, status, code) => {
    const { sign, state } = await anAskedHouse()
    const before = state()

    expect(await sign({ decision: 'approve', duration })).toMatchObject({
      status,
      body: { code, wouldPass: expect.any(String) },
    })
    expect(state()).toBe(before)
  })

  it.each([
    ['no decision', {}],
    ['another decision', { decision: 'maybe' }],
    ['a denial with a duration', { decision: 'deny', duration: 'PT30M' }],
    ['a hash that is none', { decision: 'approve', seen: 'x' }],
    ['a person', { decision: 'approve', approver: 'bob' }],
    ['a comment too long', { decision: 'approve', comment: 'x'.repeat(1001) }],
    ['a comment that is no text', { decision: 'approve', comment: 7 }],
  ])('APP-09 with %s is 400 and changes nothing', async (_, body) => {
    const { sign, state } = await anAskedHouse()
    const before = state()

    expect(await sign(body)).toMatchObject({ status: 400, body: { code: 'invalid-body' } })
    expect(state()).toBe(before)
  })

  it.each([
    ['alice', 403, 'own-request'],
    ['adam', 403, 'not-an-approver'],
    ['audrey', 403, 'not-an-approver'],
    ['dave', 404, 'unknown-request'],
  ])('APP-09 by %s is %i %s and changes nothing', async (person, status, code) => {
    const { sign, state } = await anAskedHouse()
    const before = state()

    expect(await sign({ decision: 'approve' }, person)).toMatchObject({ status, body: { code } })
    expect(state()).toBe(before)
  })

  it('APP-05 by an approver of the next stage is 403 while the first is open', async () => {
    const stages = [aStage(), aStage({ name: 'security', approvers: ['carol'] })]
    const { sign, state } = await anAskedHouse(accessWith({ stages }))
    const before = state()

    expect(await sign({ decision: 'approve' }, 'carol')).toMatchObject({
      status: 403,
      body: { code: 'not-an-approver', detail: 'carol is no approver of stage owner' },
    })
    expect(state()).toBe(before)
  })

  it('APP-10 repeated is 409, late is 409, on what has changed is 409, and none of them changes anything', async () => {
    const repeated = await anAskedHouse(accessWith({ stages: [aStage({ approvers: ['bob', 'carol'], quorum: 2 })] }))
    await repeated.sign({ decision: 'approve' })
    const late = await anAskedHouse()
    late.world.clock.step(14_400)
    const stale = await anAskedHouse()
    const taken = await anAskedHouse()
    await taken.world.cancel(taken.id)

    for (const [house, code, seen] of [
      [repeated, 'already-decided', repeated.seen],
      [late, 'too-late', late.seen],
      [stale, 'changed-since-shown', 'f'.repeat(64)],
      [taken, 'not-pending', taken.seen],
    ] as const) {
      const before = house.state()
      expect(await house.sign({ decision: 'approve', seen })).toMatchObject({ status: 409, body: { code } })
      expect(house.state()).toBe(before)
    }
  })

  it('APP-12 of a request the rules of today refuse is 409', async () => {
    const { world, path, seen } = await anAskedHouse()
    const { sign } = routesOf({ ...world, deps: { ...world.deps, access: accessWith({ rules: [] }) } })

    expect(await sign({ method: 'POST', person: 'bob', path, body: { decision: 'approve', seen } })).toMatchObject({
      status: 409,
      body: { code: 'changed-since-shown' },
    })
  })

  it('REQ-01 without a signature is 403, whoever the body names', async () => {
    const { routes, path, seen, state } = await anAskedHouse()
    const before = state()

    expect(
      await routes.sign({ method: 'POST', isUnsigned: true, path, body: { decision: 'approve', seen } }),
    ).toMatchObject({ status: 403, body: { code: 'unsigned' } })
    expect(state()).toBe(before)
  })

  it.each(['/requests/ID/decision/', '/requests/ID/%64ecision', '/requests/ID/decision/x'])(
    'APP-09 called as %s, which API Gateway may not have judged as this route, is 404',
    async called => {
      const { routes, id, seen, state } = await anAskedHouse()
      const before = state()

      const path = called.replace('ID', id)
      expect(
        await routes.sign({ method: 'POST', person: 'bob', path, body: { decision: 'approve', seen } }),
      ).toMatchObject({ status: 404 })
      expect(state()).toBe(before)
    },
  )

  it('APP-09 a workflow that cannot be woken is logged, and the decision stands', async () => {
    const { sign, world, id, routes } = await anAskedHouse()
    world.faults.failNext('workflow.approve')

    expect((await sign({ decision: 'approve' })).status).toBe(200)
    expect((await world.request(id)).status).toBe('APPROVED')
    expect(routes.lines.join()).toContain('could not be woken')
  })
})

describe('where only a signature counts', () => {
  const signed = accessWith({ assurance: 'signed' })

  it('APP-09 no link and no code is made: the mail has nothing that decides', async () => {
    const { world } = await anAskedHouse(signed)

    expect(world.announcer.told).toEqual(['signature-asked bob', 'asked alice'])
    expect([...world.links.rows]).toEqual([])
    expect([...world.ids.tokens, ...world.ids.codes]).toEqual([])
  })

  it('APP-09 the link of before the access file demanded a signature opens no form and decides nothing', async () => {
    const { world, id, state } = await anAskedHouse()
    const { token, code } = world.mailTo('bob')
    const opened = await world.open(token)
    const { decide } = routesOf({ ...world, deps: { ...world.deps, access: signed } })
    const before = state()
    const seen = opened.outcome === 'open' ? opened.seen : ''
    const form = new URLSearchParams({ decision: 'approve', seen, code }).toString()
    const path = `/decide/${token}`

    for (const call of [{ path }, { path, method: 'POST', body: form }]) {
      const { status, text } = await decide({ ...call, isUnsigned: true })
      expect([status, text.includes(`lapse approve ${id}`)]).toEqual([403, true])
      expect(text).not.toContain('<form')
    }
    expect(state()).toBe(before)
  })

  it('APP-09 a signed decision approves', async () => {
    const { sign } = await anAskedHouse(signed)

    expect(await sign({ decision: 'approve' })).toMatchObject({ status: 200, body: { status: 'APPROVED' } })
  })
})
