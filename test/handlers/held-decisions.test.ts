import { describe, expect, it } from '@jest/globals'
import { closeFindingOf } from '../../lambdas/application/close-finding.ts'
import { PAGE_HEADERS } from '../../lambdas/pages/headers.ts'
import { $Problem, $RequestWithEvents } from '../../lib/openapi/answers.ts'
import { aFinding, keptFinding } from '../support/a-finding.ts'
import { anEmergencyWorld, BREAK_GLASS } from '../support/emergency-world.ts'
import { aWorld, type World } from '../support/world.ts'
import { routesOf } from './routes.ts'

const FINDING = aFinding()
const SAYS = FINDING.latest[0]?.detail ?? ''
const TITLE = 'Tries what they may not have'
const HELD_BY = { findingId: FINDING.id, rule: FINDING.rule, title: TITLE }

/** The routes by which Bob answers a request of Alice that waits for him. */
function doorsOf(world: World, id: string) {
  const routes = routesOf(world)
  const { token, code } = world.mailTo('bob')
  const path = `/decide/${token}`
  const read = async (person = 'bob') =>
    $RequestWithEvents.parse((await routes.read({ person, path: `/requests/${id}` })).body)
  return {
    world,
    id,
    code,
    read,
    get: () => routes.decide({ isUnsigned: true, path }),
    post: (form: Record<string, string>) =>
      routes.decide({ isUnsigned: true, method: 'POST', path, body: new URLSearchParams(form).toString() }),
    sign: (body: object, person = 'bob') =>
      routes.sign({ method: 'POST', person, path: `/requests/${id}/decision`, body }),
    state: () => JSON.stringify([[...world.store.rows], [...world.links.rows], world.workflow.answers]),
    close: () => closeFindingOf(world.deps, FINDING.id, { by: 'adam', comment: 'spoken with her' }),
  }
}

/** Alice is held after Bob has opened his mail: he knows the hash of what he was shown before. */
async function aHeldHouse() {
  const world = aWorld()
  const { id } = await world.asked()
  const doors = doorsOf(world, id)
  const { seen = '' } = await doors.read()
  await keptFinding(world.findings)
  return { ...doors, seen, approval: { decision: 'approve', seen, code: doors.code } }
}

describe('the page of a request whose requester is held', () => {
  it('ANO-05 says so, with the finding and its rule and nothing of what was seen, until it is closed', async () => {
    const { get, close, seen } = await aHeldHouse()

    const held = await get()

    expect(held).toMatchObject({ status: 200, headers: PAGE_HEADERS })
    for (const shown of ['Held.', FINDING.id, TITLE, `name="seen" value="${seen}"`, 'value="approve"', 'value="deny"'])
      expect(held.text).toContain(shown)
    expect(held.text).not.toContain(SAYS)
    await close()
    expect((await get()).text).not.toMatch(/Held|01MGFND1NG/)
  })

  it('ANO-05 says nothing of it where the request is an emergency that waits for people', async () => {
    const world = anEmergencyWorld({ breakGlass: BREAK_GLASS })
    await world.askApprovers((await world.emergency()).id)
    const { id } = await world.emergency()
    await world.askApprovers(id)
    await keptFinding(world.findings)
    const { get, read } = doorsOf(world, id)

    expect((await get()).text).not.toMatch(/Held|01MGFND1NG/)
    expect(await read()).not.toHaveProperty('heldBy')
  })

  it('ANO-05 does not take an approval: 409, whatever the code, nothing is used up, and the comment is still there', async () => {
    const { post, approval, state } = await aHeldHouse()
    const before = state()

    for (const code of [approval.code, '000000', approval.code, '000000', '000000', '000000', '000000']) {
      const { status, headers, text } = await post({ ...approval, code, comment: 'Only the one order.' })
      expect([status, headers]).toEqual([409, PAGE_HEADERS])
      for (const shown of [FINDING.id, TITLE, 'Your approval was not taken', 'Only the one order.', 'value="deny"'])
        expect(text).toContain(shown)
      expect(text).not.toContain(SAYS)
    }
    expect(state()).toBe(before)
  })

  it('ANO-05 takes the same form once the finding is closed', async () => {
    const { post, approval, close, world, id } = await aHeldHouse()
    await post(approval)
    await close()

    expect(await post(approval)).toMatchObject({ status: 200, text: expect.stringContaining('You approved it') })
    expect((await world.request(id)).status).toBe('APPROVED')
  })

  it('ANO-05 takes a denial', async () => {
    const { post, approval, world, id } = await aHeldHouse()

    expect(await post({ ...approval, decision: 'deny' })).toMatchObject({ status: 200 })
    expect((await world.request(id)).status).toBe('DENIED')
  })

  it('ANO-05 shows the form again where something is wrong in it, and still says that it is held', async () => {
    const { post, approval } = await aHeldHouse()

    const { status, text } = await post({ ...approval, code: 'x' })

    expect(status).toBe(400)
    expect(text).toContain(FINDING.id)
  })
})

describe('a signed decision on a request whose requester is held', () => {
  it('ANO-05 is a problem that says which finding holds, its rule, and what would pass', async () => {
    const { sign, seen, state, id } = await aHeldHouse()
    const before = state()

    const { status, text, body } = await sign({ decision: 'approve', seen })

    expect([status, $Problem.parse(body)]).toEqual([
      409,
      {
        type: 'urn:lapse:problem:held',
        status: 409,
        code: 'held',
        title: 'Conflict',
        rule: FINDING.rule,
        detail: `finding ${FINDING.id} holds back what alice asks for: ${TITLE}`,
        wouldPass: `the same approval once an administrator or an auditor has closed finding ${FINDING.id}`,
        requestId: id,
      },
    ])
    expect(text).not.toContain(SAYS)
    expect(state()).toBe(before)
  })

  it('ANO-05 counts by the same hash once the finding is closed, and as a denial at once', async () => {
    const later = await aHeldHouse()
    await later.close()
    const denied = await aHeldHouse()

    expect(await later.sign({ decision: 'approve', seen: later.seen })).toMatchObject({ body: { status: 'APPROVED' } })
    expect(await denied.sign({ decision: 'deny', seen: denied.seen })).toMatchObject({ body: { status: 'DENIED' } })
  })

  it('ANO-05 of who is no approver is refused for that, and tells nothing of the finding', async () => {
    const { sign, seen } = await aHeldHouse()

    const { body, text } = await sign({ decision: 'approve', seen }, 'audrey')

    expect(body).toMatchObject({ code: 'not-an-approver' })
    expect(text).not.toContain(FINDING.id)
  })
})

describe('GET /requests/{id}', () => {
  it.each(['alice', 'bob', 'adam', 'audrey'])('ANO-05 says to %s that a finding holds it back', async person => {
    const { read, close } = await aHeldHouse()

    const held = await read(person)

    expect(held.heldBy).toEqual(HELD_BY)
    expect(JSON.stringify(held)).not.toContain(SAYS)
    await close()
    expect(await read(person)).not.toHaveProperty('heldBy')
  })

  it('ANO-05 still gives an approver what a denial needs, by the hash of before', async () => {
    const { read, seen } = await aHeldHouse()

    expect(await read()).toMatchObject({ seen, decidable: { stage: 'owner' } })
  })

  it('ANO-05 says nothing of it once the request is decided', async () => {
    const world = aWorld()
    const { id } = await world.active()
    await keptFinding(world.findings)

    expect(await doorsOf(world, id).read()).not.toHaveProperty('heldBy')
  })
})
