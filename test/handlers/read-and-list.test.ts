import { describe, expect, it } from '@jest/globals'
import { closeTheBooks } from '../../lambdas/application/close-books.ts'
import { $RequestWithEvents } from '../../lib/openapi/answers.ts'
import { anAccessFile, anEntitlement, aRule } from '../support/an-access-file.ts'
import { aCallOf, RecordedTrail } from '../support/recorded-trail.ts'
import { aWorld, worldAccess } from '../support/world.ts'
import { routesOf } from './routes.ts'

function aHouse(access = worldAccess()) {
  const world = aWorld({ access })
  return { world, ...routesOf(world) }
}

const UNKNOWN = '01JQ0000000000000000000000'

describe('GET /requests/{id}', () => {
  it('REQ-08 gives the request with its timeline and its grant', async () => {
    const { world, read } = aHouse()
    const { id, grant } = await world.approved()

    const { status, body } = await read({ path: `/requests/${id}` })

    expect(status).toBe(200)
    expect(body).toMatchObject({
      requestId: id,
      status: 'APPROVED',
      grant: { notBefore: '2027-03-01T10:15:00Z', notAfter: '2027-03-01T11:15:00Z', policyArn: grant.policyArn },
      decisions: [{ decision: 'approve', approver: 'bob', at: '2027-03-01T10:15:00Z' }],
      events: [
        {
          sequence: 1,
          type: 'asked',
          actor: { person: 'alice' },
          at: '2027-03-01T10:00:00Z',
          previousHash: '0'.repeat(64),
        },
        { sequence: 2, type: 'approvers-asked', actor: { service: 'approval' } },
        { sequence: 3, type: 'approved', actor: { person: 'bob' } },
      ],
    })
  })

  it('REQ-08 gives the receipt and the cause of the end', async () => {
    const { world, read } = aHouse()
    const { id, grant } = await world.approved()
    await world.issue(id)
    await world.attach(id)
    world.clock.setTo(grant.notAfter)
    await world.end(id)

    expect((await read({ path: `/requests/${id}` })).body).toMatchObject({
      status: 'ENDED',
      endCause: 'expired',
      receipt: { policyArn: grant.policyArn, verifiedAt: '2027-03-01T11:15:00Z', policy: 'NoSuchEntity', detached: 1 },
    })
  })

  it('AUD-06 gives who, why, on what and when with what was done, in one call, once the grant is over', async () => {
    const { world, read } = aHouse()
    const { id, grant } = await world.active()
    const path = `/requests/${id}`
    expect((await read({ path })).body).not.toHaveProperty('activity')
    world.clock.setTo(grant.notAfter)
    await world.end(id)
    expect((await read({ path })).body).not.toHaveProperty('activity')

    const trail = new RecordedTrail()
    trail.calls.push(aCallOf({ at: grant.notBefore, action: 's3:GetObject', resources: ['arn:aws:s3:::prod-logs/x'] }))
    world.clock.step(7200)
    await closeTheBooks({ ...world.deps, trail })

    const { body } = await read({ path, person: 'audrey' })
    expect($RequestWithEvents.parse(body)).toMatchObject({
      requester: 'alice',
      reason: 'the nightly job is stuck',
      decisions: [{ approver: 'bob' }],
      grant: { notBefore: '2027-03-01T10:15:00Z', notAfter: '2027-03-01T11:15:00Z' },
      receipt: { verifiedAt: '2027-03-01T11:15:00Z' },
      activity: {
        state: 'final',
        grantUse: 'used',
        actions: [{ action: 's3:GetObject', calls: 1, isGranted: true, first: '2027-03-01T10:15:00Z' }],
        resources: ['arn:aws:s3:::prod-logs/x'],
        coverage: { events: 'management', from: '2027-03-01T10:00:00Z', until: '2027-03-01T12:55:00Z' },
      },
    })
    expect(Object(body).events.at(-1)).toMatchObject({ type: 'books-closed', details: { violations: 0 } })
  })

  it('REQ-08 requester, approver, administrator and auditor read it; for anybody else it is not there, byte for byte', async () => {
    const { world, read } = aHouse()
    const { id } = await world.asked()
    const path = `/requests/${id}`

    for (const person of ['alice', 'bob', 'adam', 'audrey']) expect((await read({ person, path })).status).toBe(200)
    const missing = await read({ person: 'carol', path: `/requests/${UNKNOWN}` })
    const hidden = await read({ person: 'carol', path })
    expect(hidden).toEqual(missing)
    expect(hidden).toMatchObject({ status: 404, body: { code: 'unknown-request', wouldPass: expect.any(String) } })
  })

  it.each(['x', 'ULID', '01jq0000000000000000000000', `${UNKNOWN}0`, '%00', '__proto__'])(
    'REQ-08 the id %s is 404 and reads nothing',
    async id => {
      const { world, read } = aHouse()

      expect(await read({ path: `/requests/${id}` })).toMatchObject({ status: 404, body: { code: 'unknown-request' } })
      expect(world.faults.calls).toEqual([])
    },
  )

  it('AUD-07 shows nothing of links, codes or the hash an approver saw', async () => {
    const { world, read } = aHouse()
    const { id } = await world.approved()
    const { token, tokenHash, code } = world.mailTo('bob')

    const { text, body } = await read({ path: `/requests/${id}` })

    for (const secret of [token, tokenHash, code, 'task-token']) expect(text).not.toContain(secret)
    expect(JSON.stringify(body.decisions)).not.toContain('seen')
  })
})

describe('GET /requests', () => {
  const rules = [aRule({ members: ['alice', 'carol'] })]
  const access = anAccessFile({ entitlements: [anEntitlement({ rules }), anEntitlement({ id: 'other', rules })] })

  async function five() {
    const house = aHouse(access)
    const ids: string[] = []
    for (const requester of ['alice', 'carol', 'alice', 'carol', 'alice']) {
      const { id } = await house.world.asked({
        requester,
        ask: { entitlement: ids.length === 4 ? 'other' : 'logs-read' },
      })
      ids.push(id)
      house.world.clock.step(60)
    }
    return { ...house, ids }
  }

  const idsOf = (body: Readonly<Record<string, unknown>>) => {
    const { requests } = body
    return Array.isArray(requests) ? requests.map(({ requestId }) => requestId) : []
  }

  it('REQ-08 gives the caller’s own, newest first, and everybody’s to auditors and administrators', async () => {
    const { list, ids } = await five()
    const [a1, c1, a2, c2, a3] = ids

    expect(idsOf((await list()).body)).toEqual([a3, a2, a1])
    expect(idsOf((await list({ person: 'carol' })).body)).toEqual([c2, c1])
    expect(idsOf((await list({ person: 'bob' })).body)).toEqual([])
    for (const person of ['adam', 'audrey']) expect(idsOf((await list({ person })).body)).toEqual([...ids].reverse())
    expect(idsOf((await list({ person: 'audrey', path: '/requests?requester=carol' })).body)).toEqual([c2, c1])
    expect(idsOf((await list({ path: '/requests?requester=alice' })).body)).toEqual([a3, a2, a1])
  })

  it('REQ-08 others are refused by name, not shown as an empty list', async () => {
    const { list } = await five()

    expect(await list({ path: '/requests?requester=carol' })).toMatchObject({
      status: 403,
      body: { code: 'not-yours', wouldPass: expect.any(String) },
    })
  })

  it('REQ-08 filters by status and entitlement', async () => {
    const { list, world, ids } = await five()
    await world.cancel(ids[0] ?? '')

    expect(idsOf((await list({ path: '/requests?status=CANCELLED' })).body)).toEqual([ids[0]])
    expect(idsOf((await list({ path: '/requests?entitlement=other' })).body)).toEqual([ids[4]])
    expect(idsOf((await list({ path: '/requests?status=CANCELLED&entitlement=other' })).body)).toEqual([])
  })

  it('REQ-08 cursors walk through all, each once', async () => {
    const { list, ids } = await five()
    const walked: string[] = []
    let cursor: unknown
    do {
      const { body } = await list({ person: 'audrey', path: `/requests?limit=2${cursor ? `&cursor=${cursor}` : ''}` })
      walked.push(...idsOf(body))
      cursor = body.cursor
    } while (cursor)

    expect(walked).toEqual([...ids].reverse())
  })

  it.each(['x', '%00', 'bm90IGEgY3Vyc29y', 'e30', 'eyJpZCI6IngifQ'])('REQ-08 the cursor %s is 400', async cursor => {
    const { list } = await five()

    expect(await list({ path: `/requests?cursor=${cursor}` })).toMatchObject({
      status: 400,
      body: { code: 'invalid-cursor' },
    })
  })

  it.each([
    'limit=0',
    'limit=101',
    'limit=x',
    'limit=-1',
    'limit=1.5',
    'limit=',
    'status=OPEN',
    'status=',
    'entitlement=A',
    'requester=*',
    'sort=up',
    `cursor=${'x'.repeat(257)}`,
  ])('REQ-08 the query %s is 400 and says what there is', async query => {
    const { list } = await five()

    expect(await list({ path: `/requests?${query}` })).toMatchObject({
      status: 400,
      body: { code: 'invalid-query', errors: [expect.any(Object)], wouldPass: expect.stringContaining('cursor') },
    })
  })
})

describe('GET /entitlements', () => {
  it('REQ-08 gives what the caller may ask for, with limits and stages', async () => {
    const { entitlements } = aHouse()

    expect(await entitlements({ path: '/entitlements' })).toMatchObject({
      status: 200,
      body: {
        person: 'alice',
        entitlements: [
          {
            entitlement: 'logs-read',
            defaultDuration: 'PT30M',
            maximumDuration: 'PT2H',
            rule: 'alice',
            stages: [{ name: 'owner', approvers: ['bob'], quorum: 1 }],
          },
        ],
      },
    })
    expect((await entitlements({ person: 'bob' })).body.entitlements).toEqual([])
    expect(await entitlements({ isUnsigned: true })).toMatchObject({ status: 403 })
  })

  it('REQ-02 the default is never longer than the rule’s own limit', async () => {
    const rules = [aRule({ maximumSeconds: 600 })]
    const { entitlements } = aHouse(anAccessFile({ entitlements: [anEntitlement({ rules })] }))

    expect((await entitlements()).body.entitlements).toMatchObject([
      { defaultDuration: 'PT10M', maximumDuration: 'PT10M' },
    ])
  })
})

describe('POST /requests/{id}/cancel', () => {
  it('REQ-07 the requester takes a pending request back', async () => {
    const { world, cancel } = aHouse()
    const { id } = await world.asked()

    expect(await cancel({ method: 'POST', path: `/requests/${id}/cancel` })).toMatchObject({
      status: 200,
      body: { requestId: id, status: 'CANCELLED' },
    })
    expect(await cancel({ method: 'POST', path: `/requests/${id}/cancel` })).toMatchObject({
      status: 409,
      body: { code: 'not-pending', requestId: id, detail: expect.stringContaining('CANCELLED') },
    })
  })

  it('REQ-07 for anybody else, even an approver or an administrator, it is not there', async () => {
    const { world, cancel } = aHouse()
    const { id } = await world.asked()

    for (const person of ['bob', 'adam', 'audrey', 'carol']) {
      expect(await cancel({ person, method: 'POST', path: `/requests/${id}/cancel` })).toMatchObject({ status: 404 })
    }
    expect(await cancel({ method: 'POST', path: `/requests/${UNKNOWN}/cancel` })).toMatchObject({ status: 404 })
    expect((await world.request(id)).status).toBe('PENDING')
  })

  it('REQ-07 that stands is said to stand, whatever becomes of waking the execution', async () => {
    const { world, cancel } = aHouse()
    const { id } = await world.asked()
    world.faults.failNext('workflow.close')

    expect(await cancel({ method: 'POST', path: `/requests/${id}/cancel` })).toMatchObject({ status: 200 })
  })
})
