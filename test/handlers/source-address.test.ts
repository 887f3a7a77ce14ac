import { describe, expect, it } from '@jest/globals'
import { readEvent, readRequest, requestRow } from '../../lambdas/contract/rows.ts'
import { aWorld, worldAccess } from '../support/world.ts'
import { routesOf } from './routes.ts'

const OFFICE = '192.0.2.7'
const HOME = '2001:db8:0:7:a:b:c:d'
const HOME_KEPT = '2001:db8:0:7::/64'
const BODY = { entitlement: 'logs-read', duration: 'PT30M', reason: 'the nightly job is stuck' }
const FORM = { 'content-type': 'application/x-www-form-urlencoded', 'Sec-Fetch-Site': 'same-origin' }

function aHouse() {
  const world = aWorld({ access: worldAccess() })
  const routes = routesOf(world)
  const ask = async (sourceIp: string, headers: Record<string, string> = {}) => {
    const { body } = await routes.create({ method: 'POST', path: '/requests', body: BODY, sourceIp, headers })
    const id = String(body.requestId)
    await world.askApprovers(id)
    return id
  }
  const byLink = async (sourceIp: string) => {
    const { token, code } = world.mailTo('bob')
    const path = `/decide/${token}`
    const seen = /name="seen" value="([0-9a-f]{64})"/.exec((await routes.decide({ isUnsigned: true, path })).text)?.[1]
    const body = new URLSearchParams({ decision: 'approve', seen: seen ?? '', code, comment: '' }).toString()
    return routes.decide({ isUnsigned: true, method: 'POST', path, body, headers: FORM, sourceIp })
  }
  const signed = async (id: string, sourceIp: string) => {
    const { seen } = (await routes.read({ person: 'bob', path: `/requests/${id}` })).body
    const path = `/requests/${id}/decision`
    return routes.sign({ method: 'POST', person: 'bob', path, body: { seen, decision: 'approve' }, sourceIp })
  }
  return { world, routes, ask, byLink, signed }
}

describe('the address of a call', () => {
  it('ANO-04 stands in the ask and in its event, of IPv6 as its network', async () => {
    for (const [address, kept] of [
      [OFFICE, OFFICE],
      [HOME, HOME_KEPT],
    ] as const) {
      const { world, ask } = aHouse()

      const id = await ask(address)

      expect((await world.request(id)).from).toBe(kept)
      expect((await world.details(id))[0]).toMatchObject({ from: kept })
    }
  })

  it('ANO-04 stands in a refused ask too', async () => {
    const { world, routes } = aHouse()

    const { body } = await routes.create({ person: 'carol', method: 'POST', body: BODY, sourceIp: OFFICE })

    expect((await world.details(String(body.requestId)))[0]).toMatchObject({ code: 'not-eligible', from: OFFICE })
  })

  it.each(['a link', 'a signed call'])('ANO-04 stands in a decision by %s and in its event', async how => {
    const { world, ask, byLink, signed } = aHouse()
    const id = await ask(OFFICE)

    const { status } = how === 'a link' ? await byLink(HOME) : await signed(id, HOME)

    expect(status).toBe(200)
    expect((await world.request(id)).decisions).toMatchObject([{ approver: 'bob', from: HOME_KEPT }])
    expect((await world.details(id)).at(-1)).toMatchObject({ decision: 'approve', from: HOME_KEPT })
  })

  it('ANO-04 stands in an ask that prolongs a grant', async () => {
    const { world, routes } = aHouse()
    const { id } = await world.active()
    const body = { duration: 'PT20M', reason: 'it takes longer' }

    const extended = await routes.extend({ method: 'POST', path: `/requests/${id}/extend`, body, sourceIp: OFFICE })

    expect((await world.request(String(extended.body.requestId))).from).toBe(OFFICE)
  })

  it('ANO-04 is what API Gateway saw, never what a header says', async () => {
    const { world, ask } = aHouse()

    const id = await ask(OFFICE, { 'X-Forwarded-For': '203.0.113.66', forwarded: 'for=203.0.113.66' })

    expect((await world.request(id)).from).toBe(OFFICE)
  })

  it('ANO-04 that is none is left out, and the ask is let in all the same', async () => {
    const { world, ask } = aHouse()

    const id = await ask('test-invoke-source-ip')

    expect(await world.request(id)).not.toHaveProperty('from')
    expect((await world.details(id))[0]?.from).toBeUndefined()
  })

  it('APP-04 changes nothing of what an approver approves: shown and approved are the same from anywhere', async () => {
    const seenFrom = async (address: string) => {
      const { world, ask, signed } = aHouse()
      const id = await ask(address)
      await signed(id, address)
      return (await world.details(id)).at(-1)?.approvalHash
    }

    expect(await seenFrom(OFFICE)).toMatch(/^[0-9a-f]{64}$/)
    expect(await seenFrom(HOME)).toBe(await seenFrom(OFFICE))
  })

  it('REQ-08 does not make a repeated call another one', async () => {
    const { routes } = aHouse()
    const headers = { 'Idempotency-Key': 'k1' }
    const ask = (sourceIp: string) => routes.create({ method: 'POST', body: BODY, headers, sourceIp })

    const [first, again] = [await ask(OFFICE), await ask(HOME)]

    expect([again.status, again.body.requestId]).toEqual([202, first.body.requestId])
  })

  it('AUD-01 is not in rows of the version before, which are read as they were', async () => {
    const { world, ask, byLink } = aHouse()
    const id = await ask(OFFICE)
    await byLink(HOME)
    const request = await world.request(id)
    const { from: _, ...older } = request
    const before = requestRow(older)
    const decisions = request.decisions.map(({ from, ...decision }) => ({ ...decision, at: '2027-03-01T10:00:00Z' }))

    const read = readRequest({ ...before, decisions })

    expect([read.from, read.decisions[0]?.from]).toEqual([undefined, undefined])
    expect(() => readRequest({ ...before, from: 7 })).toThrow('from')
    expect(() => readEvent({ pk: 'x', sk: 'y' })).toThrow('not in the shape')
  })
})
