import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { anAccessFile, anEntitlement, chance } from '../support/an-access-file.ts'
import { uniqueIdOf } from '../support/api-event.ts'
import { arnOf, aWorld, worldAccess } from '../support/world.ts'
import { routesOf } from './routes.ts'

const BODY = { entitlement: 'logs-read', duration: 'PT30M', reason: 'the nightly job is stuck' }
const call = (body: unknown, more = {}) => ({ method: 'POST', path: '/requests', body, ...more })

function aHouse(access = worldAccess()) {
  const world = aWorld({ access })
  return { world, ...routesOf(world) }
}

describe('POST /requests', () => {
  it('REQ-01 is accepted with the request as it stands', async () => {
    const { create, world } = aHouse()

    const { status, body, headers } = await create(
      call({ ...BODY, ticket: 'OPS-1', notBefore: '2027-03-02T08:00:00Z' }),
    )

    expect(status).toBe(202)
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'cache-control': 'no-store' })
    expect(body).toMatchObject({
      requestId: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{26}$/),
      status: 'PENDING',
      requester: 'alice',
      principal: arnOf('alice'),
      entitlement: 'logs-read',
      duration: 'PT30M',
      ticket: 'OPS-1',
      notBefore: '2027-03-02T08:00:00Z',
      rule: 'alice',
      askedAt: '2027-03-01T10:00:00Z',
      answerBy: '2027-03-01T14:00:00Z',
      stages: [{ name: 'owner', approvers: ['bob'], quorum: 1 }],
      decisions: [],
    })
    expect((await world.request(String(body.requestId))).principal.uniqueId).toBe(uniqueIdOf('alice'))
  })

  it('REQ-04 without a duration asks for the default', async () => {
    const { create } = aHouse()

    expect((await create(call({ entitlement: 'logs-read', reason: 'no hurry' }))).body.duration).toBe('PT30M')
  })

  it.each([
    ['not JSON', '{', 'invalid-json', 'The body is not JSON.'],
    ['empty', '', 'invalid-json', 'The body is empty.'],
    ['absent', undefined, 'invalid-json', 'The body is empty.'],
    ['null', 'null', 'invalid-body', '(body)'],
    ['an array', '[]', 'invalid-body', '(body)'],
    ['a text', '"x"', 'invalid-body', '(body)'],
    ['a number', '5', 'invalid-body', '(body)'],
  ])('REQ-01 a body that is %s is refused with 400', async (_, body, code, detail) => {
    const { create, world } = aHouse()

    const answer = await create(call(body))

    expect(answer).toMatchObject({ status: 400, body: { code, status: 400, type: `urn:lapse:problem:${code}` } })
    expect(answer.body.detail).toContain(detail)
    expect(answer.body.wouldPass).toEqual(expect.any(String))
    expect(answer.headers['content-type']).toBe('application/problem+json')
    expect(world.store.rows.size).toBe(0)
  })

  it.each([
    ['duration', { duration: 'PT0S' }],
    ['duration', { duration: '-PT5M' }],
    ['duration', { duration: '30m' }],
    ['duration', { duration: 'P1M' }],
    ['duration', { duration: 'P1Y' }],
    ['duration', { duration: 'PT' }],
    ['duration', { duration: '' }],
    ['duration', { duration: 'pt5m' }],
    ['duration', { duration: 5 }],
    ['duration', { duration: null }],
    ['duration', { duration: 'PT1.5H' }],
    ['duration', { duration: `PT${'9'.repeat(40)}S` }],
    ['reason', { reason: '' }],
    ['reason', { reason: 'abc' }],
    ['reason', { reason: '   abc   ' }],
    ['reason', { reason: 'x'.repeat(1001) }],
    ['reason', { reason: 'x'.repeat(10_000) }],
    ['reason', { reason: 'a \u0000 b c' }],
    ['reason', { reason: 'bell \u0007' }],
    ['reason', { reason: 'a lone \ud800 half' }],
    ['entitlement', { entitlement: 'logs-\ud800' }],
    ['parameters.half \ud800', { parameters: { 'half \ud800': 'x' } }],
    ['reason', { reason: 7 }],
    ['reason', { reason: undefined }],
    ['ticket', { ticket: '' }],
    ['ticket', { ticket: 'x'.repeat(65) }],
    ['ticket', { ticket: 'half \udfff' }],
    ['ticket', { ticket: 5 }],
    ['entitlement', { entitlement: '' }],
    ['entitlement', { entitlement: 5 }],
    ['entitlement', { entitlement: 'x'.repeat(65) }],
    ['parameters', { parameters: 'bucket' }],
    ['parameters', { parameters: null }],
    ['parameters', { parameters: ['a'] }],
    ['parameters.bucket', { parameters: { bucket: 5 } }],
    ['parameters.bucket', { parameters: { bucket: { a: 1 } } }],
    ['parameters.bucket', { parameters: { bucket: null } }],
    ['parameters.bucket', { parameters: { bucket: 'x'.repeat(257) } }],
    ['parameters', { parameters: Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`p${n}`, 'x'])) }],
    ['notBefore', { notBefore: '2027-03-02' }],
    ['notBefore', { notBefore: '2027-03-02T08:00:00+01:00' }],
    ['notBefore', { notBefore: '2027-03-02T08:00:00.5Z' }],
    ['notBefore', { notBefore: '2027-13-02T08:00:00Z' }],
    ['notBefore', { notBefore: '2027-02-30T08:00:00Z' }],
    ['notBefore', { notBefore: 1_800_000_000 }],
  ])('REQ-01 names the member %s that does not fit: %j', async (at, change) => {
    const { create, world } = aHouse()

    const answer = await create(call({ ...BODY, ...change }))

    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-body' } })
    expect(answer.body.errors).toContainEqual({ at, message: expect.any(String) })
    expect(answer.body.detail).toContain(at)
    expect(world.store.rows.size).toBe(0)
  })

  it('REQ-01 names members nobody knows and refuses them', async () => {
    const { create } = aHouse()

    for (const name of ['requester', 'principal', 'status', 'unknown', 'constructor']) {
      const { status, body } = await create(call({ ...BODY, [name]: 'bob' }))

      expect({ status, code: body.code }).toEqual({ status: 400, code: 'invalid-body' })
      expect(body.detail).toContain(name)
    }
  })

  it('REQ-03 a parameter named like a part of every object is refused as unknown, never dropped', async () => {
    const { create } = aHouse()

    for (const name of ['constructor', 'toString', 'hasOwnProperty', '__proto__']) {
      const body = `{"entitlement":"logs-read","reason":"because","parameters":{"${name}":"x"}}`
      const { status } = await create(call(body))

      expect({ name, refused: status === 403 || status === 400 }).toEqual({ name, refused: true })
    }
  })

  it('REQ-01 a reason of exactly 4 and of exactly 1000 characters passes, with line breaks and any script', async () => {
    const { create } = aHouse()

    for (const reason of ['jobs', 'x'.repeat(1000), 'línea 1\nlínea 2\tмосква 東京 🎉', '  padded  ']) {
      const { status, body } = await create(call({ ...BODY, reason }))

      expect(status).toBe(202)
      expect(body.reason).toBe(reason.trim())
    }
  })

  it('REQ-01 a body larger than 16,384 bytes of UTF-8 is 413, one of that size is read', async () => {
    const { create, world } = aHouse()
    const padded = (bytes: number, fill: string) => {
      const shell = JSON.stringify({ ...BODY, junk: '' }).length
      return JSON.stringify({ ...BODY, junk: fill.repeat(Math.ceil((bytes - shell) / Buffer.byteLength(fill))) })
    }

    expect(await create(call(padded(16_384, 'x')))).toMatchObject({ status: 400, body: { code: 'invalid-body' } })
    expect(await create(call(padded(16_385, 'x')))).toMatchObject({ status: 413, body: { code: 'body-too-large' } })
    expect(await create(call(padded(16_500, '€')))).toMatchObject({ status: 413 })
    expect(world.store.rows.size).toBe(0)
  })

  it('REQ-01 reads a body in base64', async () => {
    const { create } = aHouse()
    const body = Buffer.from(JSON.stringify(BODY)).toString('base64')

    expect((await create(call(body, { isBase64Encoded: true }))).status).toBe(202)
  })

  it('REQ-05 a refusal is 403 with rule, code, detail, what would pass and the recorded request', async () => {
    const { create, world } = aHouse()

    const { status, body } = await create(call({ ...BODY, duration: 'PT3H' }))

    expect(status).toBe(403)
    expect(body).toEqual({
      type: 'urn:lapse:problem:duration-too-long',
      title: 'Refused',
      status: 403,
      code: 'duration-too-long',
      rule: 'alice',
      detail: expect.stringContaining('PT3H'),
      wouldPass: 'a duration from PT5M to PT2H',
      requestId: expect.any(String),
    })
    expect(await world.events(String(body.requestId))).toEqual(['refused'])
  })

  it.each([
    ['duration-too-short', { duration: 'PT299S' }, {}],
    ['start-too-far', { notBefore: '2027-05-01T00:00:00Z' }, {}],
    ['parameter-refused', { parameters: { bucket: 'x' } }, {}],
    ['not-eligible', {}, { person: 'bob' }],
  ])('REQ-05 refuses with %s', async (code, change, by) => {
    const { create } = aHouse()

    expect(await create(call({ ...BODY, ...change }, by))).toMatchObject({
      status: 403,
      body: { code, rule: expect.any(String), detail: expect.any(String), wouldPass: expect.any(String) },
    })
  })

  it('REQ-05 refuses where nobody could approve', async () => {
    const stages = [{ name: 'owner', approvers: ['alice'], quorum: 1 }]
    const { create } = aHouse(anAccessFile({ entitlements: [anEntitlement({ stages })] }))

    expect(await create(call(BODY))).toMatchObject({ status: 403, body: { code: 'no-approver' } })
  })

  it('REQ-05 an unknown entitlement is 404 and says what there is', async () => {
    const { create } = aHouse()

    expect(await create(call({ ...BODY, entitlement: 'nothing' }))).toMatchObject({
      status: 404,
      body: { code: 'unknown-entitlement', wouldPass: 'you may ask for logs-read' },
    })
  })

  it('REQ-06 the key decides: same body 202 with the same id, another body 409', async () => {
    const { create } = aHouse()
    const headers = { 'Idempotency-Key': '0b1d' }
    const first = await create(call(BODY, { headers }))

    expect(await create(call(BODY, { headers: { 'idempotency-key': '0b1d' } }))).toMatchObject({
      status: 202,
      body: { requestId: first.body.requestId },
    })
    expect(await create(call({ ...BODY, reason: 'another one' }, { headers }))).toMatchObject({
      status: 409,
      body: { code: 'idempotency-key-reused', requestId: first.body.requestId, wouldPass: expect.any(String) },
    })
  })

  it.each(['', ' ', 'a b', 'ä', 'x'.repeat(129), 'tab\t', 'null\u0000'])(
    'REQ-06 refuses the malformed key %j before it writes',
    async key => {
      const { create, world } = aHouse()

      const answer = await create(call(BODY, { headers: { 'Idempotency-Key': key } }))

      expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-idempotency-key', wouldPass: 'a UUID' } })
      expect(world.store.rows.size).toBe(0)
    },
  )

  it('REQ-01 a workflow that cannot be started is 503 and names the request', async () => {
    const { create, world } = aHouse()
    world.faults.failNext('workflow.start')

    const { status, body } = await create(call(BODY))

    expect({ status, code: body.code }).toEqual({ status: 503, code: 'workflow-unavailable' })
    expect((await world.request(String(body.requestId))).status).toBe('FAILED')
  })

  it('REQ-01 an unsigned call and an unknown principal are 403', async () => {
    const { create } = aHouse()

    expect(await create(call(BODY, { isUnsigned: true }))).toMatchObject({ status: 403, body: { code: 'unsigned' } })
    for (const userArn of [
      'arn:aws:iam::111122223333:user/alice',
      'arn:aws:iam::111122223333:user/people/Alice',
      'arn:aws:iam::111122223333:root',
      'arn:aws:sts::111122223333:assumed-role/people/alice',
    ]) {
      expect(await create(call(BODY, { userArn }))).toMatchObject({ status: 403, body: { code: 'unknown-person' } })
    }
  })

  it('REQ-01 a user of the same path in another account is not the person', async () => {
    const { create } = aHouse()

    const userArn = 'arn:aws:iam::999999999999:user/people/alice'
    expect(await create(call(BODY, { userArn }))).toMatchObject({ status: 403, body: { code: 'unknown-person' } })
  })

  it('REQ-01 two thousand bodies with fields that look like an identity never change the requester', async () => {
    const names = [
      'requester',
      'principal',
      'person',
      'userArn',
      'caller',
      'identity',
      'requestContext',
      'sub',
      'user',
      '__proto__',
    ]
    const identity = fc.constantFrom('bob', 'adam', arnOf('bob'), uniqueIdOf('bob'))
    const $extra = fc.dictionary(
      fc.constantFrom(...names),
      fc.oneof(identity, fc.record({ id: identity, arn: identity })),
    )
    const $where = fc.constantFrom('top', 'parameters', 'headers', 'none')
    const { create, world } = aHouse()
    const rows: string[] = []

    await fc.assert(
      fc.asyncProperty($extra, $where, async (extra, where) => {
        const body =
          where === 'top' ? { ...BODY, ...extra } : where === 'parameters' ? { ...BODY, parameters: extra } : BODY
        const headers =
          where === 'headers' ? Object.fromEntries(Object.keys(extra).map(key => [`x-${key}`, 'bob'])) : {}
        const { status } = await create(call(body, { headers }))
        expect(status).toBeLessThan(500)
        // Each alone in its table: Alice may have no more than ten on their way.
        rows.push(...world.store.rows.values())
        world.store.rows.clear()
      }),
      { numRuns: 2000, seed: chance.below(2 ** 31) },
    )

    const stored = rows.map(row => JSON.parse(row)).filter(({ kind }) => kind === 'request')
    expect(stored.length).toBeGreaterThan(100)
    expect(new Set(stored.map(({ requester }) => requester))).toEqual(new Set(['alice']))
    expect(new Set(stored.map(({ principal }) => principal.uniqueId))).toEqual(new Set([uniqueIdOf('alice')]))
  })
})

describe('POST /requests/preview', () => {
  it('REQ-09 says what a request would meet, and records nothing', async () => {
    const { preview, world } = aHouse()

    expect(await preview(call({ entitlement: 'logs-read' }))).toMatchObject({
      status: 200,
      body: {
        decision: 'needs-approval',
        rule: 'alice',
        duration: 'PT30M',
        maximumDuration: 'PT2H',
        stages: [{ approvers: ['bob'] }],
        statements: [{ actions: ['s3:GetObject'] }],
      },
    })
    expect(await preview(call({ ...BODY, duration: 'PT5H' }))).toMatchObject({
      status: 200,
      body: { decision: 'refused', code: 'duration-too-long', rule: 'alice', wouldPass: expect.any(String) },
    })
    expect(world.store.rows.size).toBe(0)
    expect(world.faults.calls.filter(called => called !== 'store.list' && called !== 'findings.record')).toEqual([])
  })

  it('REQ-09 and the request that follows agree', async () => {
    const { preview, create } = aHouse()
    for (const change of [{}, { duration: 'PT299S' }, { duration: 'PT3H' }, { parameters: { a: 'b' } }]) {
      const previewed = await preview(call({ ...BODY, ...change }))
      const created = await create(call({ ...BODY, ...change }))

      expect(previewed.body.decision === 'refused').toBe(created.status === 403)
      expect(previewed.body.code).toBe(created.status === 403 ? created.body.code : undefined)
    }
  })

  it('REQ-09 takes the same refusals of form as a request', async () => {
    const { preview } = aHouse()

    expect(await preview(call('{'))).toMatchObject({ status: 400, body: { code: 'invalid-json' } })
    expect(await preview(call({ ...BODY, duration: '30m' }))).toMatchObject({
      status: 400,
      body: { code: 'invalid-body' },
    })
    expect(await preview(call(BODY, { isUnsigned: true }))).toMatchObject({ status: 403 })
  })
})
