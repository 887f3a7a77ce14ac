import { describe, expect, it } from '@jest/globals'
import { approvedGrant } from '../../lambdas/application/approved-grant.ts'
import { approvalHash } from '../../lambdas/domain/grant.ts'
import { keptFinding } from '../support/a-finding.ts'
import { anEmergencyWorld, BREAK_GLASS, type EmergencyWorld, RULE } from '../support/emergency-world.ts'
import type { Moment } from '../support/faults.ts'

const LOUD = ['break-glass-used adam', 'break-glass-used bob', 'break-glass-used erin']

async function historyOf(world: EmergencyWorld, id: string) {
  const history = await world.store.history(id)
  if (!history) throw new Error(`no request ${id}`)
  return history
}

describe('an automatic approval', () => {
  it('APP-07 is written by the first step, with the rule, the grant and what it covers, and nobody is asked', async () => {
    const world = anEmergencyWorld()
    const { id, automatic } = await world.started()

    const step = await world.askApprovers(id)

    expect([automatic, step.outcome]).toEqual(['small reads', 'answered-already'])
    const history = await historyOf(world, id)
    const { request, events } = history
    expect(request).toMatchObject({ status: 'APPROVED', decisions: [], automatic: 'small reads' })
    expect(events.map(({ type }) => type)).toEqual(['asked', 'approved'])
    expect(events[0]?.details).toMatchObject({ automatic: 'small reads' })
    expect(events[1]).toMatchObject({ actor: { service: 'approval' }, details: { automatic: 'small reads' } })
    expect(request.grant && events[1]?.details.approvalHash).toBe(request.grant && approvalHash(request, request.grant))
    expect(approvedGrant(world.access, history).grant).toEqual(request.grant)
    expect(world.workflow.answers).toEqual([{ kind: 'approved', requestId: id }])
    expect(world.announcer.told).toEqual([])
    expect(world.faults.calls).not.toContain('links.put')
  })

  it('APP-07 comes into force and ends like any other grant', async () => {
    const world = anEmergencyWorld()
    const { id } = await world.started()
    await world.askApprovers(id)
    world.clock.step(2)

    await world.issue(id)
    await world.attach(id)
    world.clock.setTo((await world.granted(id)).grant.notAfter)
    await world.end(id)

    expect(await world.events(id)).toEqual(['asked', 'approved', 'activated', 'ended'])
    expect(world.announcer.told).toEqual(['granted alice', 'granted-to-admin adam', 'ended alice'])
  })

  it('APP-07 is not issued when the rule or its name was changed after the approval', async () => {
    const world = anEmergencyWorld()
    const { id } = await world.started()
    await world.askApprovers(id)
    const history = await historyOf(world, id)

    for (const automatic of ['other', undefined]) {
      const request = { ...history.request, automatic }
      expect(() => approvedGrant(world.access, { ...history, request })).toThrow('not the request that was approved')
    }
  })

  it.each([
    ['access was frozen', (world: EmergencyWorld) => world.freeze()],
    ['a finding holds', (world: EmergencyWorld) => keptFinding(world.findings)],
    ['the rule is gone', (world: EmergencyWorld) => change(world, { automatic: undefined })],
    ['the rule is shorter', (world: EmergencyWorld) => change(world, { automatic: [{ ...RULE, maximumSeconds: 60 }] })],
    ['it names others', (world: EmergencyWorld) => change(world, { automatic: [{ ...RULE, members: ['carol'] }] })],
    ['it is of high risk now', (world: EmergencyWorld) => change(world, { risk: 'high' })],
    ['decisions are signed now', (world: EmergencyWorld) => change(world, { assurance: 'signed' })],
  ])('APP-07 ANO-05 is not given when by then %s: people are asked', async (_why, happens) => {
    const world = anEmergencyWorld()
    const { id } = await world.started()
    await happens(world)

    const step = await world.askApprovers(id)

    expect([step.outcome, (await world.request(id)).status]).toEqual(['asked', 'PENDING'])
    expect(await world.events(id)).toEqual(['asked', 'approvers-asked'])
  })

  it('APP-07 is not given later: once people were asked, they answer', async () => {
    const world = anEmergencyWorld()
    const { id } = await world.started()
    await world.freeze()
    await world.askApprovers(id)
    await world.freezes.lift()

    await world.askApprovers(id, 1)

    expect(await world.events(id)).toEqual(['asked', 'approvers-asked', 'approvers-reminded'])
  })
})

describe('break-glass', () => {
  it('ANO-05 is granted by the first step although a finding holds', async () => {
    const world = anEmergencyWorld()
    const { id } = await world.emergency()
    await keptFinding(world.findings)

    await world.askApprovers(id)

    expect((await world.request(id)).status).toBe('APPROVED')
  })

  it('APP-11 is granted by the first step, told to everybody concerned at once, and owes a review', async () => {
    const world = anEmergencyWorld()
    const { id } = await world.emergency()

    await world.askApprovers(id)

    const { request, events } = await historyOf(world, id)
    expect(request).toMatchObject({
      status: 'APPROVED',
      rule: 'break-glass',
      isBreakGlass: true,
      debt: { dueBy: new Date('2027-03-02T10:00:00Z'), reviewers: ['erin'] },
    })
    expect(request.automatic).toBeUndefined()
    expect(events[1]).toMatchObject({
      type: 'approved',
      actor: { service: 'approval' },
      details: { breakGlass: true, debt: { dueBy: '2027-03-02T10:00:00Z', reviewers: ['erin'] } },
    })
    expect(world.announcer.told.toSorted()).toEqual(LOUD)
    expect(world.workflow.answers).toEqual([{ kind: 'approved', requestId: id }])
    await world.issue(id)
    await world.attach(id)
    expect((await world.request(id)).status).toBe('ACTIVE')
  })

  it('APP-11 a second one waits for people while a review is owed, and says why', async () => {
    const world = anEmergencyWorld()
    const first = await world.emergency()
    await world.askApprovers(first.id)

    const second = await world.ask({ ask: { isBreakGlass: true } })

    if (second.outcome !== 'accepted') throw new Error(second.outcome)
    expect(second.openDebt).toMatchObject({ requestId: first.id })
    expect((await world.details(second.request.id))[0]).toMatchObject({ breakGlass: true, openDebt: first.id })
    expect(await world.askApprovers(second.request.id)).toMatchObject({ outcome: 'asked' })
    expect(await world.decide('bob')).toMatchObject({ outcome: 'decided', verdict: 'approved' })
    expect((await world.request(second.request.id)).debt).toBeUndefined()
    await world.issue(second.request.id)
    await world.attach(second.request.id)
  })

  it('APP-11 of ten at once one is granted and nine wait for people', async () => {
    const world = anEmergencyWorld()
    const requests = await Promise.all(Array.from({ length: 10 }, world.emergency))

    await Promise.all(requests.map(({ id }) => world.askApprovers(id)))

    const after = await Promise.all(requests.map(({ id }) => world.request(id)))
    expect(after.filter(({ status }) => status === 'APPROVED')).toHaveLength(1)
    expect(after.filter(({ status }) => status === 'PENDING')).toHaveLength(9)
    expect(after.filter(({ debt }) => debt)).toHaveLength(1)
  })

  it('APP-11 the freeze beats it, when it is asked and when it is granted', async () => {
    const world = anEmergencyWorld()
    const { id } = await world.emergency()
    await world.freeze()

    await world.askApprovers(id)

    expect((await world.request(id)).status).toBe('PENDING')
    expect(await world.store.openDebtOf('alice')).toBeUndefined()
    const frozen = await world.ask({ ask: { isBreakGlass: true } })
    expect(frozen).toMatchObject({ outcome: 'refused', refusal: { code: 'frozen' } })
  })

  it('APP-11 is immediate again once another person closed the review, in whatever state the grant is', async () => {
    const world = anEmergencyWorld()
    const first = await world.emergency()
    await world.askApprovers(first.id)
    const before = await historyOf(world, first.id)

    const reviewed = await world.review(first.id, 'erin', 'not-justified')

    expect(reviewed).toMatchObject({ outcome: 'closed', request: { debt: { closed: { by: 'erin' } } } })
    const after = await historyOf(world, first.id)
    expect(after.events.at(-1)).toMatchObject({
      type: 'debt-closed',
      actor: { person: 'erin' },
      details: { verdict: 'not-justified', comment: 'as we agreed' },
    })
    expect(approvedGrant(world.access, after).grant).toEqual(before.request.grant)
    expect(world.announcer.told.slice(LOUD.length).toSorted()).toEqual(['debt-closed adam', 'debt-closed alice'])
    const second = await world.emergency()
    await world.askApprovers(second.id)
    expect((await world.request(second.id)).status).toBe('APPROVED')
  })

  it('APP-11 the review is closed by no one but a reviewer of today, once, and never by who used it', async () => {
    const world = anEmergencyWorld()
    const { id } = await world.emergency()
    expect(await world.review(id)).toMatchObject({ why: 'no-debt' })
    await world.askApprovers(id)

    expect(await world.review(id, 'alice')).toMatchObject({ why: 'own-request' })
    expect(await world.review(id, 'adam')).toMatchObject({ why: 'not-a-reviewer' })
    change(world, { breakGlass: { ...BREAK_GLASS, reviewers: ['dave', 'alice'] } })
    expect(await world.review(id, 'erin')).toMatchObject({ why: 'not-a-reviewer' })
    expect(await world.review(id, 'alice')).toMatchObject({ why: 'own-request' })
    expect((await world.store.openDebtOf('alice'))?.requestId).toBe(id)
    expect(await world.review(id, 'dave')).toMatchObject({ outcome: 'closed' })
    expect(await world.review(id, 'dave')).toMatchObject({ why: 'debt-closed' })
    expect((await world.events(id)).filter(type => type === 'debt-closed')).toHaveLength(1)
  })

  it('APP-11 of two verdicts at once one stands', async () => {
    const world = anEmergencyWorld({ breakGlass: { ...BREAK_GLASS, reviewers: ['erin', 'dave'] } })
    const { id } = await world.emergency()
    await world.askApprovers(id)

    const outcomes = await Promise.all(['erin', 'dave', 'erin', 'dave'].map(by => world.review(id, by)))

    expect(outcomes.filter(({ outcome }) => outcome === 'closed')).toHaveLength(1)
    expect((await world.events(id)).filter(type => type === 'debt-closed')).toHaveLength(1)
  })
})

describe('a fault at every call of the first step', () => {
  const asked = async (isBreakGlass: boolean) => {
    const world = anEmergencyWorld()
    const { id } = await world.started({ ask: { isBreakGlass } })
    world.faults.reset()
    return { world, id }
  }

  it.each([
    ['APP-07 an automatic approval', false, []],
    ['APP-11 an emergency', true, LOUD],
  ])(
    '%s is written once, its execution woken and nobody left untold, after trying again',
    async (_what, isBreakGlass, loud) => {
      const clean = await asked(isBreakGlass)
      await clean.world.askApprovers(clean.id)
      const calls = [...clean.world.faults.calls]
      expect(calls.length).toBeGreaterThanOrEqual(5)
      for (const moment of ['before', 'after'] satisfies Moment[]) {
        for (const [index, call] of calls.entries()) {
          const { world, id } = await asked(isBreakGlass)
          world.faults.failAt(index, moment)

          await world.askApprovers(id).catch(() => world.askApprovers(id))

          world.faults.heal()
          const events = (await world.events(id)).filter(type => type !== 'mail-failed')
          expect({ index, moment, events }).toEqual({ index, moment, events: ['asked', 'approved'] })
          expect(world.workflow.answers).toContainEqual({ kind: 'approved', requestId: id })
          const { debt } = await world.request(id)
          expect({ index, moment, debt: await world.store.openDebtOf('alice') }).toEqual({
            index,
            moment,
            debt: debt && { requestId: id, dueBy: debt.dueBy },
          })
          if (call !== 'announcer.announce') {
            expect({ index, moment, told: [...new Set(world.announcer.told)].toSorted() }).toEqual({
              index,
              moment,
              told: loud,
            })
          }
        }
      }
    },
  )
})

function change(world: EmergencyWorld, part: object): void {
  Object.assign(world.access.entitlements['logs-read'] ?? {}, part)
}
