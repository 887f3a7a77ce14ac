import { describe, expect, it } from '@jest/globals'
import { $AskedRequest, $Entitlements, $Preview, $Request, $RequestWithEvents } from '../../lib/openapi/answers.ts'
import { anEmergencyWorld, BREAK_GLASS, RULE } from '../support/emergency-world.ts'
import { type Answer, routesOf } from './routes.ts'

const ASK = { entitlement: 'logs-read', duration: 'PT30M', reason: 'the nightly job is stuck' }
const EMERGENCY = { ...ASK, breakGlass: true }

function aHouse(overrides?: Parameters<typeof anEmergencyWorld>[0]) {
  const world = anEmergencyWorld(overrides)
  const routes = routesOf(world)
  return {
    world,
    create: (body: object) => routes.create({ body }),
    preview: (body: object) => routes.preview({ body }),
    entitlements: (person = 'alice') => routes.entitlements({ person }),
    read: (id: string, person = 'alice') => routes.read({ person, path: `/requests/${id}` }),
    extend: (id: string, body: unknown, person = 'alice') =>
      routes.extend({ person, path: `/requests/${id}/extend`, body }),
    review: (id: string, body: unknown, person = 'erin') =>
      routes.review({ person, path: `/requests/${id}/review`, body }),
  }
}

const said = ({ status, body }: Answer) => [status, body.code]

describe('GET /entitlements and POST /requests/preview', () => {
  it('REQ-10 APP-07 APP-11 say what rules there are and what is left of them', async () => {
    const { create, entitlements, preview } = aHouse({
      automatic: [RULE],
      breakGlass: BREAK_GLASS,
      caps: { mostOpen: 2, mostPerWeek: 5, mostSecondsPerWeek: 7200 },
    })
    await create(ASK)

    const [open] = $Entitlements.parse((await entitlements()).body).entitlements
    const allowance = {
      automatic: [{ name: 'small reads', upTo: 'PT1H', mostPerWeek: 3, left: 2, within: 'always' }],
      breakGlass: { maximumDuration: 'PT1H', reviewWithin: 'PT24H', reviewers: ['erin'] },
      caps: {
        open: { most: 2, left: 1 },
        perWeek: { most: 5, left: 4 },
        timePerWeek: { most: 'PT2H', left: 'PT1H30M' },
      },
    }
    expect(open).toMatchObject(allowance)
    expect($Preview.parse((await preview(ASK)).body)).toMatchObject({
      ...allowance,
      decision: 'automatic',
      approvedBy: 'small reads',
    })
    expect((await preview({ ...ASK, duration: 'PT2H' })).body).toMatchObject({
      decision: 'refused',
      code: 'cap-reached',
    })
  })

  it('APP-11 list what is open to a person in an emergency only', async () => {
    const { entitlements } = aHouse({ breakGlass: { ...BREAK_GLASS, members: ['carol'] } })

    const { entitlements: open } = $Entitlements.parse((await entitlements('carol')).body)
    expect(open).toMatchObject([
      { rule: 'break-glass', maximumDuration: 'PT1H', breakGlass: { reviewers: ['erin', 'alice'] } },
    ])
    expect((await entitlements('dave')).body.entitlements).toEqual([])
  })

  it('APP-11 a preview says whether it would be at once, and if not why', async () => {
    const { world, create, preview } = aHouse()
    expect($Preview.parse((await preview(EMERGENCY)).body)).toMatchObject({ decision: 'break-glass' })
    const { requestId } = $AskedRequest.parse((await create(EMERGENCY)).body)
    await world.askApprovers(requestId)

    const previewed = $Preview.parse((await preview(EMERGENCY)).body)
    const asked = $AskedRequest.parse((await create(EMERGENCY)).body)

    expect(previewed).toMatchObject({ decision: 'needs-approval', because: asked.because })
    expect(asked.because).toContain(`you owe the review of request ${requestId}`)
    expect(previewed).toMatchObject({ breakGlass: { openDebt: { requestId, dueBy: '2027-03-02T10:00:00Z' } } })
  })

  it('REQ-10 a preview and the request that follows agree, by all of it', async () => {
    const { create, preview } = aHouse({ automatic: [{ ...RULE, mostPerWeek: 1 }], caps: { mostOpen: 2 } })
    for (const expected of ['automatic', 'needs-approval', 'refused']) {
      const { body } = await preview(ASK)
      const created = await create(ASK)

      expect(body.decision).toBe(expected)
      expect(created.body.automatic).toBe(expected === 'automatic' ? 'small reads' : undefined)
      expect(created.status).toBe(expected === 'refused' ? 403 : 202)
    }
  })
})

describe('POST /requests', () => {
  it('REQ-10 over a cap is 403 with the numbers, and nobody is asked', async () => {
    const { world, create } = aHouse({ caps: { mostOpen: 1 } })
    await create(ASK)

    expect(await create(ASK)).toMatchObject({
      status: 403,
      body: {
        code: 'cap-reached',
        rule: 'caps',
        detail: '1 request of logs-read is open; the cap is 1',
        wouldPass: 'the same request when one of them is over',
      },
    })
    expect(world.workflow.started.size).toBe(1)
  })

  it.each(['yes', 1, null, {}])('APP-11 breakGlass is true or false and not %j', async breakGlass => {
    const { create } = aHouse()

    expect(said(await create({ ...ASK, breakGlass }))).toEqual([400, 'invalid-body'])
  })

  it('APP-11 breakGlass: false is an ordinary ask', async () => {
    const { create } = aHouse()

    expect($AskedRequest.parse((await create({ ...ASK, breakGlass: false })).body)).toMatchObject({
      automatic: 'small reads',
    })
  })
})

describe('POST /requests/{id}/extend', () => {
  it('REQ-07 answers 202 with the new request, and both show the link', async () => {
    const { world, extend, read } = aHouse({})
    const old = await world.active()

    const extended = await extend(old.id, { duration: 'PT20M', reason: 'it takes longer' })

    const { requestId } = $AskedRequest.parse(extended.body)
    expect(extended).toMatchObject({ status: 202, body: { extends: old.id, duration: 'PT20M' } })
    expect($RequestWithEvents.parse((await read(old.id)).body).extendedBy).toEqual([requestId])
    expect($RequestWithEvents.parse((await read(requestId)).body)).toMatchObject({
      extends: old.id,
      notBefore: '2027-03-01T11:15:00Z',
    })
  })

  it('REQ-07 refuses who is not the requester, what is not in force, and what is no body', async () => {
    const { world, extend } = aHouse({})
    const pending = await world.asked()
    const body = { duration: 'PT20M', reason: 'it takes longer' }

    for (const person of ['bob', 'adam', 'audrey', 'carol']) {
      expect(said(await extend(pending.id, body, person))).toEqual([404, 'unknown-request'])
    }
    expect(said(await extend(pending.id, body))).toEqual([409, 'not-active'])
    expect(said(await extend('x', body))).toEqual([404, 'unknown-request'])
    for (const wrong of [{}, { ...body, breakGlass: true }, { ...body, duration: '20m' }, { duration: 'PT20M' }, '[']) {
      expect((await extend(pending.id, wrong)).status).toBe(400)
    }
  })
})

describe('POST /requests/{id}/review', () => {
  const VERDICT = { verdict: 'justified', comment: 'the site was down' }

  async function anEmergency() {
    const house = aHouse()
    const { requestId } = $AskedRequest.parse((await house.create(EMERGENCY)).body)
    await house.world.askApprovers(requestId)
    return { ...house, requestId }
  }

  it('APP-11 by a reviewer closes the debt, and the request says by whom', async () => {
    const { requestId, review, read, world } = await anEmergency()
    expect((await read(requestId, 'erin')).status).toBe(200)

    const answer = await review(requestId, VERDICT)

    expect(answer.status).toBe(200)
    expect($Request.parse(answer.body).debt).toMatchObject({ closed: { by: 'erin', ...VERDICT } })
    expect(await world.store.openDebtOf('alice')).toBeUndefined()
    expect(said(await review(requestId, VERDICT))).toEqual([409, 'debt-closed'])
  })

  it('APP-11 is refused to who used it, to who is no reviewer, and to who may not see it', async () => {
    const { requestId, review, world } = await anEmergency()

    expect(said(await review(requestId, VERDICT, 'alice'))).toEqual([403, 'own-request'])
    for (const person of ['adam', 'audrey', 'bob']) {
      expect(said(await review(requestId, VERDICT, person))).toEqual([403, 'not-a-reviewer'])
    }
    for (const person of ['carol', 'dave']) {
      expect(said(await review(requestId, VERDICT, person))).toEqual([404, 'unknown-request'])
    }
    expect((await world.store.openDebtOf('alice'))?.requestId).toBe(requestId)
  })

  it('APP-11 is refused where no review is owed, and for what is no verdict', async () => {
    const { requestId, review, world } = await anEmergency()
    const ordinary = await world.started({ requester: 'alice' })

    expect(said(await review(ordinary.id, VERDICT, 'adam'))).toEqual([409, 'no-debt'])
    for (const wrong of [
      {},
      { ...VERDICT, verdict: 'fine' },
      { verdict: 'justified' },
      { ...VERDICT, comment: 'ok' },
      { ...VERDICT, by: 'bob' },
    ]) {
      expect(said(await review(requestId, wrong))).toEqual([400, 'invalid-body'])
    }
  })
})
