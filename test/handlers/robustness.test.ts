import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { PAGE_HEADERS } from '../../lambdas/pages/headers.ts'
import { chance } from '../support/an-access-file.ts'
import { aWorld } from '../support/world.ts'
import { type Route, routesOf } from './routes.ts'

const seed = chance.below(2 ** 31)
const $text = fc.string({ unit: 'binary', maxLength: 60 })
const $path = $text.map(text => text.replaceAll(/[?/]/g, ''))
const $query = fc.dictionary(
  fc.constantFrom('status', 'entitlement', 'requester', 'limit', 'cursor', '__proto__', 'x'),
  fc.oneof($text, fc.constantFrom('PENDING', '5', 'alice')),
)
const $call = fc.record({
  person: fc.constantFrom('alice', 'bob', 'adam', 'audrey', 'nobody'),
  method: fc.constantFrom('GET', 'POST', 'HEAD', 'DELETE'),
  path: fc.tuple($path, $query).map(([id, query]) => `/requests/${id}?${new URLSearchParams(query)}`),
  body: fc.oneof($text, fc.json(), fc.jsonValue(), fc.constant(undefined), fc.object()),
  headers: fc.dictionary(fc.constantFrom('Idempotency-Key', 'Sec-Fetch-Site', 'X-Any', 'Content-Type'), $text),
  isBase64Encoded: fc.boolean(),
  isUnsigned: fc.boolean(),
})
const $form = fc
  .dictionary(
    fc.constantFrom('decision', 'seen', 'code', 'comment', '__proto__'),
    fc.oneof($text, fc.constantFrom('approve', 'deny', '123456', 'f'.repeat(64))),
  )
  .map(form => new URLSearchParams(Object.entries(form)).toString())

describe('whatever is sent', () => {
  const names = [
    'create',
    'preview',
    'read',
    'list',
    'cancel',
    'end',
    'revoke',
    'freeze',
    'entitlements',
    'findings',
    'closeFinding',
  ] as const

  it.each(names)('OPS-02 %s answers below 500, as JSON with a code where it refuses', async name => {
    const route: Route = routesOf(aWorld())[name]

    await fc.assert(
      fc.asyncProperty($call, async call => {
        const { status, body, text } = await route(call)

        expect(status).toBeLessThan(500)
        if (status >= 400)
          expect(body).toMatchObject({
            status,
            code: expect.any(String),
            detail: expect.any(String),
            wouldPass: expect.any(String),
          })
        expect(text).not.toMatch(/at .*\.ts:\d+|node_modules/)
      }),
      { numRuns: 400, seed },
    )
  })

  it('APP-01 the decision page answers below 500 with its headers, and only the right code decides', async () => {
    const world = aWorld()
    const { id } = await world.asked()
    const { decide } = routesOf(world)
    const { token } = world.mailTo('bob')

    await fc.assert(
      fc.asyncProperty($call, $form, fc.boolean(), async (call, form, isKnown) => {
        const path = isKnown ? `/decide/${token}` : `/decide/${call.path.split('/')[2]?.split('?')[0]}`
        const { status, headers } = await decide({ ...call, path, body: form, isUnsigned: true })

        expect(status).toBeLessThan(500)
        expect(headers).toMatchObject(PAGE_HEADERS)
      }),
      { numRuns: 600, seed },
    )
    expect((await world.request(id)).decisions).toEqual([])
  })
})

describe('a broken store', () => {
  const BODY = { entitlement: 'logs-read', reason: 'because' }
  const ULID = '01JQ0000000000000000000000'
  const calls = {
    create: { method: 'POST', body: BODY },
    read: { path: `/requests/${ULID}` },
    list: {},
    cancel: { method: 'POST', path: `/requests/${ULID}/cancel` },
    end: { method: 'POST', path: `/requests/${ULID}/end` },
    revoke: { method: 'POST', path: `/requests/${ULID}/revoke`, person: 'adam' },
  } as const

  it.each(['create', 'read', 'list', 'cancel', 'end', 'revoke'] as const)(
    'OPS-02 gives %s a 500 with nothing of the inside, and a log line with the cause',
    async name => {
      const world = aWorld()
      const routes = routesOf(world)
      for (const call of ['create', 'history', 'list', 'find']) world.faults.failNext(`store.${call}`, Infinity)

      const { status, body, text, headers } = await routes[name](calls[name])

      expect(status).toBe(500)
      expect(headers['content-type']).toBe('application/problem+json')
      expect(body).toMatchObject({
        code: 'internal',
        detail: expect.stringContaining('c6af9ac6-7b61-11e6-9a41-93e8deadbeef'),
      })
      expect(text).not.toMatch(/Injected|store\.|\.ts/)
      expect(routes.lines.join('')).toContain('InjectedError')
    },
  )

  it('APP-01 gives the decision page a page with 500 that tells nothing of the inside, and logs no token', async () => {
    const world = aWorld()
    await world.asked()
    const { token } = world.mailTo('bob')
    const routes = routesOf(world)
    world.faults.failNext('store.find', Infinity)

    const { status, headers, text } = await routes.decide({ isUnsigned: true, path: `/decide/${token}` })

    expect({ status, headers }).toEqual({ status: 500, headers: PAGE_HEADERS })
    expect(text).not.toMatch(/Injected|store\.|\.ts/)
    expect(text).toContain('c6af9ac6-7b61-11e6-9a41-93e8deadbeef')
    expect(routes.lines.join('')).toContain('InjectedError')
    expect(routes.lines.join('')).not.toContain(token)
  })
})
