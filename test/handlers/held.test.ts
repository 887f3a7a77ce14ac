import { describe, expect, it } from '@jest/globals'
import type { RequestOutcome } from '../../lambdas/application/request-access.ts'
import { $Preview } from '../../lib/openapi/answers.ts'
import { aFinding, keptFinding } from '../support/a-finding.ts'
import { anEmergencyWorld, BREAK_GLASS, RULE } from '../support/emergency-world.ts'
import { routesOf } from './routes.ts'

const ASK = { entitlement: 'logs-read', duration: 'PT30M', reason: 'the nightly job is stuck' }
const SAYS = aFinding().latest[0]?.detail ?? ''
const HELD = {
  code: 'held',
  rule: 'ineligible-probing',
  detail: `finding ${aFinding().id} holds your requests back: ${SAYS}`,
  wouldPass: `the same request once an administrator or an auditor has closed finding ${aFinding().id}`,
}

/** Alice needs nobody for small reads, and may take them in an emergency; Bob approves the rest. */
function aHouse(overrides?: Parameters<typeof anEmergencyWorld>[0]) {
  const world = anEmergencyWorld(overrides)
  const { create, preview, extend } = routesOf(world)
  return {
    world,
    hold: (more: Parameters<typeof keptFinding>[1] = {}) => keptFinding(world.findings, more),
    create: (body: object = ASK, person = 'alice') => create({ method: 'POST', body, person }),
    preview: async (body: object = ASK) => $Preview.parse((await preview({ method: 'POST', body })).body),
    extend: (id: string) =>
      extend({
        method: 'POST',
        path: `/requests/${id}/extend`,
        body: { duration: 'PT20M', reason: 'it takes longer' },
      }),
  }
}

const idOf = (outcome: RequestOutcome) => (outcome.outcome === 'refused' ? outcome.request.id : outcome.outcome)

describe('who has a finding that holds', () => {
  it.each([
    ['by people', {}],
    ['by nobody', { automatic: [RULE] }],
  ])('ANO-05 is refused an ask that is approved %s, with the finding and what would pass', async (_, overrides) => {
    const { hold, create, world } = aHouse(overrides)
    await hold()

    const { status, body } = await create()

    expect([status, body]).toMatchObject([403, HELD])
    const request = await world.request(String(body.requestId))
    expect(request).toMatchObject({ status: 'REFUSED', rule: 'ineligible-probing', stages: [] })
    expect((await world.details(request.id))[0]).toMatchObject(HELD)
    expect(world.workflow.started.size).toBe(0)
  })

  it('ANO-05 is refused an extension of what they have, which stays until its end', async () => {
    const { hold, extend, world } = aHouse({})
    const { id } = await world.active()
    await hold()

    const { status, body } = await extend(id)

    expect([status, body]).toMatchObject([403, HELD])
    expect((await world.request(id)).status).toBe('ACTIVE')
  })

  it('ANO-05 is told so by a preview', async () => {
    const { hold, preview } = aHouse({ automatic: [RULE] })
    await hold()

    expect(await preview()).toEqual({ decision: 'refused', ...HELD })
  })

  it('ANO-05 is let in as ever in an emergency, and the preview says so', async () => {
    const { hold, create, preview } = aHouse({ breakGlass: BREAK_GLASS })
    await hold()
    const emergency = { ...ASK, breakGlass: true }

    expect(await preview(emergency)).toMatchObject({ decision: 'break-glass' })
    expect(await create(emergency)).toMatchObject({ status: 202, body: { status: 'PENDING', breakGlass: true } })
  })

  it('ANO-05 is let in in an emergency even where nobody can read what is known of them', async () => {
    const { create, world } = aHouse({ breakGlass: BREAK_GLASS })
    world.faults.failNext('findings.record', 9)

    expect((await create({ ...ASK, breakGlass: true })).status).toBe(202)
  })

  it('ANO-05 is not let in where it cannot be known whether a finding holds', async () => {
    const { create, world } = aHouse({})
    world.faults.failNext('findings.record')

    expect((await create()).status).toBe(500)
    expect(world.workflow.started.size).toBe(0)
  })

  it('ANO-05 is told what the access file refuses before what the finding holds', async () => {
    const { hold, create, preview } = aHouse({})
    await hold()
    const tooLong = { ...ASK, duration: 'PT12H' }

    expect((await create(tooLong)).body).toMatchObject({ code: 'duration-too-long' })
    expect(await preview(tooLong)).toMatchObject({ code: 'duration-too-long' })
  })

  it('ANO-05 finds the answer of a first call that was held again with the same key', async () => {
    const { hold, world } = aHouse({})
    await hold()
    const first = await world.ask({ idempotencyKey: 'k' })

    const again = await world.ask({ idempotencyKey: 'k' })

    expect(again).toMatchObject({ outcome: 'refused', refusal: HELD })
    expect(first).toMatchObject({ outcome: 'refused', refusal: HELD })
    expect(idOf(again)).toBe(idOf(first))
  })

  it('ANO-05 may ask again when it is closed; others may all along', async () => {
    const { hold, create, world } = aHouse({})
    const from = await hold({ subject: 'bob' })
    expect((await create()).status).toBe(202)
    const held = await hold({ id: '01MGFND1NG0000000000000002' })
    expect((await create()).status).toBe(403)

    const closed = { by: 'adam', at: held.openedAt, comment: 'spoken with her' }
    const record = await world.findings.record('alice')
    await world.findings.write({
      records: [{ ...record, open: [] }],
      opened: [],
      changed: [{ from: held, to: { ...held, closed } }],
    })

    expect((await create()).status).toBe(202)
    expect((await world.findings.find(from.id))?.closed).toBeUndefined()
  })

  it('ANO-05 is not held back by a finding that does not hold', async () => {
    const { hold, create } = aHouse({})
    await hold({ holds: false })

    expect((await create()).status).toBe(202)
  })
})
