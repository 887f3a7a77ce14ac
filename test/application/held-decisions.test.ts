import { describe, expect, it } from '@jest/globals'
import { closeFindingOf } from '../../lambdas/application/close-finding.ts'
import type { Entitlement } from '../../lambdas/domain/access-file.ts'
import { keptFinding } from '../support/a-finding.ts'
import { anAccessFile, anEntitlement, aStage } from '../support/an-access-file.ts'
import { anEmergencyWorld, BREAK_GLASS, RULE } from '../support/emergency-world.ts'
import { aWorld, type World } from '../support/world.ts'

const hold = (world: World, more: Parameters<typeof keptFinding>[1] = {}) => keptFinding(world.findings, more)
const close = (world: World, id: string) => closeFindingOf(world.deps, id, { by: 'adam', comment: 'spoken with her' })
const WRONG = '000000'
const AWAY = {
  of: 'carol',
  to: 'dave',
  from: '2027-02-28T23:00:00Z',
  until: '2027-03-03T23:00:00Z',
  because: 'holidays',
}

function worldWith(entitlement: Partial<Entitlement>, more: Parameters<typeof anAccessFile>[0] = {}): World {
  return aWorld({
    access: anAccessFile({ ...more, entitlements: [anEntitlement({ codeRequired: true, ...entitlement })] }),
  })
}

type Way = 'link' | 'signature'
const WAYS: readonly Way[] = ['link', 'signature']

/** The answer of an approver; by link with the code of the mail. */
function answer(world: World, id: string, way: Way, decision: 'approve' | 'deny' = 'approve', approver = 'bob') {
  return way === 'link' ? world.decide(approver, { decision }) : world.sign(id, approver, { decision })
}

/** Everything an approval could use up or leave behind. */
async function traceOf(world: World, id: string) {
  const { status, decisions } = await world.request(id)
  const links = [...world.links.rows.values()].map(({ state, tries }) => ({ state, tries }))
  return { status, decisions, links, events: await world.events(id), woken: [...world.workflow.answers] }
}

describe('the approval of a request that waited when its requester was held', () => {
  it.each(WAYS)('ANO-05 is refused by %s with the finding and what would pass, and leaves no trace', async way => {
    const world = aWorld()
    const { id } = await world.asked()
    const before = await traceOf(world, id)
    const finding = await hold(world)

    expect(await answer(world, id, way)).toEqual({
      outcome: 'refused',
      why: 'held',
      hold: { findingId: finding.id, rule: 'ineligible-probing' },
      detail: `finding ${finding.id} holds back what alice asks for: Tries what they may not have`,
      wouldPass: `the same approval once an administrator or an auditor has closed finding ${finding.id}`,
    })
    expect(await traceOf(world, id)).toEqual(before)
    expect(before).toMatchObject({ status: 'PENDING', decisions: [], links: [{ state: 'open', tries: 0 }] })
  })

  it.each(WAYS)(
    'ANO-05 counts by %s when the finding is closed, by the hash that was shown before it was open',
    async way => {
      const world = aWorld()
      const { id } = await world.asked()
      const { token, code } = world.mailTo('bob')
      const shown = await world.open(token)
      const seen = shown.outcome === 'open' ? shown.seen : ''
      const finding = await hold(world)
      for (const _ of [1, 2, 3, 4, 5, 6]) expect(await answer(world, id, way)).toMatchObject({ why: 'held' })
      await close(world, finding.id)

      const answered = way === 'link' ? world.answer(token, { code, seen }) : world.sign(id, 'bob', { seen })

      expect(await answered).toMatchObject({ outcome: 'decided', verdict: 'approved' })
    },
  )

  it('ANO-05 takes the closing of every finding that holds', async () => {
    const world = aWorld()
    const { id } = await world.asked()
    const first = await hold(world)
    const second = await hold(world, { id: '01MGFND1NG0000000000000002', rule: 'repeated-denial' })
    await close(world, first.id)

    expect(await answer(world, id, 'link')).toMatchObject({ why: 'held', hold: { findingId: second.id } })
    await close(world, second.id)
    expect(await answer(world, id, 'link')).toMatchObject({ outcome: 'decided' })
  })

  it('ANO-05 compares no code: a wrong one costs no try and is told nothing else', async () => {
    const world = aWorld()
    const { id } = await world.asked()
    await hold(world)

    for (const _ of [1, 2, 3, 4, 5, 6])
      expect(await world.decide('bob', { code: WRONG })).toMatchObject({ why: 'held' })

    expect(await traceOf(world, id)).toMatchObject({ status: 'PENDING', links: [{ state: 'open', tries: 0 }] })
  })

  it.each(WAYS)('ANO-05 is not written by %s where it cannot be known whether a finding holds', async way => {
    const world = aWorld()
    const { id } = await world.asked()
    const before = await traceOf(world, id)
    world.faults.failNext('findings.record')

    await expect(answer(world, id, way)).rejects.toThrow('findings.record')
    expect(await traceOf(world, id)).toEqual(before)
    expect(await answer(world, id, way)).toMatchObject({ outcome: 'decided' })
  })

  it.each(WAYS)('ANO-05 that would be the second of two is refused by %s, and the first one stays', async way => {
    const world = worldWith({ stages: [aStage({ approvers: ['bob', 'carol'], quorum: 2 })] })
    const { id } = await world.asked()
    await answer(world, id, way)
    const finding = await hold(world)

    expect(await answer(world, id, way, 'approve', 'carol')).toMatchObject({ why: 'held' })
    expect((await world.request(id)).decisions.map(({ approver }) => approver)).toEqual(['bob'])
    await close(world, finding.id)
    expect(await answer(world, id, way, 'approve', 'carol')).toMatchObject({ verdict: 'approved' })
  })

  it.each(WAYS)('ANO-05 is refused by %s in the first of two stages, and in the second', async way => {
    const stages = [aStage(), aStage({ name: 'security', approvers: ['carol'] })]
    const world = worldWith({ stages })
    const { id } = await world.asked()
    const first = await hold(world)
    expect(await answer(world, id, way)).toMatchObject({ why: 'held' })
    await close(world, first.id)
    await answer(world, id, way)
    await world.goOn(id)
    await hold(world, { id: '01MGFND1NG0000000000000002' })

    expect(await answer(world, id, way, 'approve', 'carol')).toMatchObject({ why: 'held' })
    expect(await world.request(id)).toMatchObject({ status: 'PENDING', decisions: [{ approver: 'bob' }] })
  })

  it.each(WAYS)('ANO-05 is refused by %s to who stands in for somebody away', async way => {
    const world = worldWith({ stages: [aStage({ approvers: ['carol'] })] }, { delegations: [AWAY] })
    const { id } = await world.asked()
    await hold(world)

    expect(await answer(world, id, way, 'approve', 'dave')).toMatchObject({ why: 'held' })
    expect((await world.request(id)).status).toBe('PENDING')
  })

  it.each(WAYS)('ANO-05 is refused by %s to who is asked because nobody answered', async way => {
    const ladder = { remindAfterSeconds: 900, escalateAfterSeconds: 1800, unansweredAfterSeconds: 14_400 }
    const world = worldWith({ ladder, stages: [aStage({ escalateTo: ['dave'] })] })
    const { id } = await world.asked()
    await hold(world)
    world.clock.step(1800)
    await world.goOn(id)
    await world.goOn(id, 1)

    expect(await answer(world, id, way, 'approve', 'dave')).toMatchObject({ why: 'held' })
    expect((await world.request(id)).status).toBe('PENDING')
  })

  it('ANO-05 is refused where a rule would have approved before the finding, until it is closed', async () => {
    const world = anEmergencyWorld({ automatic: [RULE] })
    const { id } = await world.started()
    const finding = await hold(world)
    await world.askApprovers(id)

    expect(await answer(world, id, 'link')).toMatchObject({ why: 'held' })
    await close(world, finding.id)
    expect(await answer(world, id, 'link')).toMatchObject({ verdict: 'approved' })
  })

  it('ANO-05 is waited for until the request gives up, and no longer', async () => {
    const world = aWorld()
    const { id } = await world.asked()
    await hold(world)
    await answer(world, id, 'link')
    world.clock.step(14_400)

    expect(await world.climb(id, 1)).toMatchObject({ outcome: 'over' })
    expect((await world.request(id)).status).toBe('UNANSWERED')
  })
})

describe('what a hold leaves alone', () => {
  it.each(WAYS)('ANO-05 a denial by %s, even where nobody can read what is known of the person', async way => {
    const world = aWorld()
    const { id } = await world.asked()
    await hold(world)
    world.faults.failNext('findings.record', 9)

    expect(await answer(world, id, way, 'deny')).toMatchObject({ outcome: 'decided', verdict: 'denied' })
    expect((await world.request(id)).status).toBe('DENIED')
  })

  it.each(WAYS)('ANO-05 the approval by %s of an emergency that waits for people, whatever can be read', async way => {
    const world = anEmergencyWorld({ breakGlass: BREAK_GLASS })
    await world.askApprovers((await world.emergency()).id)
    const { id } = await world.emergency()
    await world.askApprovers(id)
    expect((await world.request(id)).status).toBe('PENDING')
    await hold(world)
    world.faults.failNext('findings.record', 9)

    expect(await answer(world, id, way)).toMatchObject({ outcome: 'decided', verdict: 'approved' })
  })

  it.each([
    ['that does not hold', { holds: false }],
    ['about the approver', { subject: 'bob' }],
    ['about somebody else', { subject: 'carol' }],
  ])('ANO-05 an approval beside a finding %s', async (_, finding) => {
    const world = aWorld()
    const { id } = await world.asked()
    await hold(world, finding)

    expect(await answer(world, id, 'link')).toMatchObject({ outcome: 'decided', verdict: 'approved' })
  })

  it('ANO-05 what is approved already: it comes into force', async () => {
    const world = aWorld()
    const { id } = await world.approved()
    await hold(world)

    await world.issue(id)
    await world.attach(id)

    expect((await world.request(id)).status).toBe('ACTIVE')
  })

  it('ANO-05 the waking of an execution that was not woken by the approval before', async () => {
    const world = aWorld()
    const { id } = await world.asked()
    world.faults.failNext('workflow.approve')
    await answer(world, id, 'link')
    expect(world.workflow.answers).toEqual([])
    await hold(world)

    await world.climb(id)
    await world.askApprovers(id, 1)

    expect(world.workflow.answers).toEqual([{ kind: 'approved', requestId: id }])
  })
})
