import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { type Deciding, decide, type Today } from '../../lambdas/domain/decide.ts'
import { toIsoDuration } from '../../lambdas/domain/duration.ts'
import { approvalHash, grantJson, intend } from '../../lambdas/domain/grant.ts'
import { plusSeconds } from '../../lambdas/domain/instant.ts'
import type { Decision, Request } from '../../lambdas/domain/request.ts'
import {
  ASKED_AT,
  aDecision,
  aRequest,
  grantOf,
  type RequestOverrides,
  STATEMENTS,
  shownOf,
} from '../support/a-request.ts'

const BOB_OR_CAROL = [{ name: 'owner', approvers: ['bob', 'carol'], quorum: 1 }]
const BOB_AND_CAROL = [{ name: 'owner', approvers: ['bob', 'carol', 'dave'], quorum: 2 }]
const TWO_STAGES = [...BOB_OR_CAROL, { name: 'security', approvers: ['bob', 'dave'], quorum: 1 }]

describe('an approval', () => {
  it('APP-01 of the one approver there is approves the request and fixes the grant in the same step', () => {
    const request = aRequest()
    const decision = aDecision(request, { comment: 'for the incident' })

    const { verdict, transition } = decided(decide(request, decision, shownOf(request)))

    const grant = intend(request, STATEMENTS, decision.at)
    expect(verdict).toBe('approved')
    expect(transition.from).toBe(request)
    expect(transition.to).toEqual({
      ...request,
      status: 'APPROVED',
      decisions: [decision],
      grant,
      lastEvent: { sequence: 2, hash: transition.event.hash },
    })
    expect(transition.event).toMatchObject({ type: 'approved', at: decision.at, actor: { person: 'bob' } })
    expect(transition.event.details).toEqual({
      decision: 'approve',
      stage: 'owner',
      comment: 'for the incident',
      seen: decision.seen,
      grant: grantJson(grant),
      statements: STATEMENTS,
      approvalHash: approvalHash({ ...request, decisions: [decision] }, grant),
    })
  })

  it('APP-05 that does not complete the stage is recorded and leaves the request pending, without a grant', () => {
    const request = aRequest({ stages: BOB_AND_CAROL })

    const { verdict, transition } = decided(answer(request, { approver: 'carol' }))

    expect(verdict).toBe('open')
    expect(transition.to).toMatchObject({ status: 'PENDING', decisions: [{ approver: 'carol' }] })
    expect(transition.to.grant).toBeUndefined()
    expect(transition.event).toMatchObject({
      type: 'decided',
      actor: { person: 'carol' },
      details: { decision: 'approve', stage: 'owner' },
    })
    expect(Object.keys(transition.event.details)).not.toContain('grant')
  })

  it('APP-05 of the second stage names that stage, and its instant begins the grant', () => {
    const request = aRequest({ stages: TWO_STAGES })
    const at = plusSeconds(ASKED_AT, 5000)

    const first = decided(answer(request, { approver: 'carol' })).transition.to
    const { verdict, transition } = decided(answer(first, { approver: 'bob', at }))

    expect(verdict).toBe('approved')
    expect(transition.event.details).toMatchObject({ stage: 'security' })
    expect(transition.to.decisions.map(({ approver }) => approver)).toEqual(['carol', 'bob'])
    expect(grantOf(transition.to).notBefore).toEqual(at)
  })

  it('APP-04 the grant is made of the statements that were shown', () => {
    const request = aRequest()
    const statements = STATEMENTS.map(each => ({ ...each, resources: ['arn:aws:s3:::other/*'] }))
    const shown = shownOf(request, statements)

    const { transition } = decided(decide(request, aDecision(request, { seen: shown.hash }), shown))

    expect(grantOf(transition.to).documentHash).toBe(
      intend(request, statements, plusSeconds(ASKED_AT, 900)).documentHash,
    )
  })

  it('GRA-02 fixes an end that is exactly the duration after the start, whenever it comes', () => {
    const $times = fc.record({
      durationSeconds: fc.integer({ min: 300, max: 43_200 }),
      answeredAfter: fc.integer({ min: 0, max: 14_399 }),
      startsAfter: fc.option(fc.integer({ min: -86_400, max: 30 * 86_400 }), { nil: undefined }),
    })
    fc.assert(
      fc.property($times, ({ durationSeconds, answeredAfter, startsAfter }) => {
        const at = plusSeconds(ASKED_AT, answeredAfter)
        const earliestStart = startsAfter === undefined ? {} : { earliestStart: plusSeconds(ASKED_AT, startsAfter) }
        const request = aRequest({ durationSeconds, ...earliestStart })

        const { notBefore, notAfter } = grantOf(decided(answer(request, { at })).transition.to)

        expect(notAfter).toEqual(plusSeconds(notBefore, durationSeconds))
        expect(notBefore).toEqual(plusSeconds(ASKED_AT, Math.max(answeredAfter, startsAfter ?? answeredAfter)))
      }),
    )
  })
})

describe('a denial', () => {
  it('APP-01 ends the request without a grant, with the comment of who denied', () => {
    const request = aRequest({ stages: BOB_OR_CAROL })

    const { verdict, transition } = decided(
      answer(request, { decision: 'deny', approver: 'carol', comment: 'ask for less' }),
    )

    expect(verdict).toBe('denied')
    expect(transition.to).toMatchObject({ status: 'DENIED', decisions: [{ decision: 'deny', approver: 'carol' }] })
    expect(transition.to.grant).toBeUndefined()
    expect(transition.event).toMatchObject({
      type: 'denied',
      actor: { person: 'carol' },
      details: { decision: 'deny', stage: 'owner', comment: 'ask for less' },
    })
    expect(Object.keys(transition.event.details)).not.toContain('approvalHash')
  })

  it('APP-05 of the second person undoes the approval of the first', () => {
    const first = decided(answer(aRequest({ stages: BOB_AND_CAROL }), { approver: 'bob' })).transition.to

    expect(answer(first, { approver: 'carol', decision: 'deny' })).toMatchObject({ verdict: 'denied' })
  })

  it('APP-05 in the second stage ends the request', () => {
    const first = decided(answer(aRequest({ stages: TWO_STAGES }), { approver: 'bob' })).transition.to

    expect(answer(first, { approver: 'dave', decision: 'deny' })).toMatchObject({ verdict: 'denied' })
  })
})

describe.each(['approve', 'deny'] as const)('to %s is refused', decision => {
  it('APP-05 to the requester, even where the stages name them', () => {
    const request = aRequest({ stages: [{ name: 'owner', approvers: ['alice', 'bob'], quorum: 1 }] })

    expect(answer(request, { decision, approver: 'alice' })).toMatchObject({ outcome: 'refused', why: 'own-request' })
  })

  it.each(['mallory', 'Bob', 'bob ', '', 'adam', 'group:owners'])('APP-05 to %j, who is no approver', approver => {
    expect(answer(aRequest({ stages: BOB_OR_CAROL }), { decision, approver })).toMatchObject({
      outcome: 'refused',
      why: 'not-an-approver',
    })
  })

  it('APP-05 to an approver of a later stage while an earlier one is open', () => {
    expect(answer(aRequest({ stages: TWO_STAGES }), { decision, approver: 'dave' })).toEqual({
      outcome: 'refused',
      why: 'not-an-approver',
      detail: 'dave is no approver of stage owner',
    })
  })

  it('APP-05 to an approver of an earlier stage when a later one is open', () => {
    const first = decided(answer(aRequest({ stages: TWO_STAGES }), { approver: 'bob' })).transition.to

    expect(answer(first, { decision, approver: 'carol' })).toMatchObject({ why: 'not-an-approver' })
  })

  it('APP-05 to a person who decided in the same stage', () => {
    const first = decided(answer(aRequest({ stages: BOB_AND_CAROL }), { approver: 'bob' })).transition.to

    expect(answer(first, { decision, approver: 'bob' })).toMatchObject({ outcome: 'refused', why: 'already-decided' })
  })

  it('APP-05 to a person who decided in an earlier stage', () => {
    const first = decided(answer(aRequest({ stages: TWO_STAGES }), { approver: 'bob' })).transition.to

    expect(answer(first, { decision, approver: 'bob' })).toMatchObject({ outcome: 'refused', why: 'already-decided' })
  })

  it.each([
    ['not a second before the answer is due', -1, 'decided'],
    ['at exactly the instant it is due', 0, 'refused'],
    ['a second after', 1, 'refused'],
  ])('APP-06 as too late: %s', (_, seconds, outcome) => {
    const request = aRequest({ unansweredAfterSeconds: 600 })

    const said = answer(request, { decision, at: plusSeconds(request.answerBy, seconds) })

    expect(said.outcome).toBe(outcome)
    if (said.outcome === 'refused') expect(said.why).toBe('too-late')
  })

  it('APP-04 with the hash of something else', () => {
    expect(answer(aRequest(), { decision, seen: '0'.repeat(64) })).toMatchObject({
      outcome: 'refused',
      why: 'changed-since-shown',
    })
  })

  it.each<[string, RequestOverrides]>([
    ['the duration', { durationSeconds: 7200 }],
    ['the entitlement', { entitlement: 'admin' }],
    ['a parameter', { parameters: { bucket: 'prod' } }],
    ['the reason', { reason: 'another' }],
    ['the access file', { accessHash: '0'.repeat(64) }],
    ['the start', { earliestStart: new Date('2027-03-02T10:00:00Z') }],
  ])('APP-04 when %s changed since it was shown', (_, change) => {
    const given = { id: '01JQ0000000000000000000000', reason: 'because', accessHash: '1'.repeat(64) }
    const who = { principal: { arn: 'arn:aws:iam::111122223333:user/people/alice', uniqueId: 'AIDAALICE' } }
    const before = aRequest({ ...given, ...who })
    const after = aRequest({ ...given, ...who, ...change })

    expect(decide(after, aDecision(before, { decision }), shownOf(after))).toMatchObject({ why: 'changed-since-shown' })
  })

  it('APP-04 when the statements changed since they were shown', () => {
    const request = aRequest()
    const wider = STATEMENTS.map(statement => ({ ...statement, resources: ['*'] }))

    expect(decide(request, aDecision(request, { decision }), shownOf(request, wider))).toMatchObject({
      why: 'changed-since-shown',
    })
  })

  it('APP-05 where there is no stage to answer', () => {
    expect(answer(aRequest({ stages: [] }), { decision })).toMatchObject({ outcome: 'refused' })
  })
})

describe('whoever decides', () => {
  it('APP-05 a person never approves themselves, whatever the stages say', () => {
    const $people = fc.uniqueArray(fc.constantFrom('alice', 'bob', 'carol', 'dave'), { minLength: 1 })
    const $stages = fc.array(
      $people.chain(approvers =>
        fc.record({
          name: fc.constant('stage'),
          approvers: fc.constant(approvers),
          quorum: fc.integer({ min: 1, max: approvers.length }),
        }),
      ),
      { minLength: 1, maxLength: 3 },
    )
    const $answers = fc.array(fc.constantFrom('alice', 'bob', 'carol', 'dave'), { maxLength: 10 })
    fc.assert(
      fc.property($stages, $answers, fc.constantFrom('alice', 'bob'), (stages, approvers, requester) => {
        let request = aRequest({ stages, requester })
        for (const approver of approvers) {
          const said = answer(request, { approver })
          if (said.outcome === 'decided') request = said.transition.to
        }

        expect(request.decisions.map(({ approver }) => approver)).not.toContain(requester)
      }),
      { numRuns: 300 },
    )
  })
})

describe('what a finding holds back', () => {
  const hold = { findingId: '01MGFND1NG0000000000000001', rule: 'repeated-denial' } as const
  const decideHeld = (request: Request, decision: Decision) => decide(request, decision, { ...shownOf(request), hold })

  it('ANO-05 is approved by nobody, in any stage, for any duration', () => {
    const $approver = fc.constantFrom('bob', 'carol', 'dave')
    const $seconds = fc.option(fc.integer({ min: 1, max: 7200 }), { nil: undefined })
    const $stages = fc.constantFrom(BOB_OR_CAROL, BOB_AND_CAROL, TWO_STAGES)
    fc.assert(
      fc.property($stages, $approver, $seconds, (stages, approver, durationSeconds) => {
        const request = aRequest({ stages })

        expect(decideHeld(request, aDecision(request, { approver, durationSeconds })).outcome).toBe('refused')
      }),
      { numRuns: 300 },
    )
    const request = aRequest()
    expect(decideHeld(request, aDecision(request))).toMatchObject({ why: 'held', hold })
  })

  it('ANO-05 is denied by whoever may decide', () => {
    const request = aRequest()

    expect(decideHeld(request, aDecision(request, { decision: 'deny' }))).toMatchObject({ verdict: 'denied' })
  })

  it('ANO-05 is told to nobody who could not decide anyway', () => {
    const request = aRequest({ stages: BOB_AND_CAROL })
    const whyOf = (change: Partial<Decision>) => Object(decideHeld(request, aDecision(request, change))).why

    expect([whyOf({ approver: 'alice' }), whyOf({ approver: 'erin' }), whyOf({ seen: '0'.repeat(64) })]).toEqual([
      ...['own-request', 'not-an-approver', 'changed-since-shown'],
    ])
    expect(whyOf({ at: request.answerBy })).toBe('too-late')
  })
})

describe('a duration of the approver', () => {
  it.each([
    ['shorter than asked', 1800],
    ['exactly the shortest grant', 300],
    ['exactly what was asked', 3600],
  ])('APP-08 that is %s fixes the end of the grant, and the event holds it', (_, durationSeconds) => {
    const { transition } = decided(answer(aRequest(), { durationSeconds }))

    const { notBefore, notAfter } = grantOf(transition.to)
    expect(notAfter).toEqual(plusSeconds(notBefore, durationSeconds))
    expect(transition.to.durationSeconds).toBe(3600)
    expect(transition.event.details).toMatchObject({ duration: toIsoDuration(durationSeconds) })
  })

  it.each([
    [3601, 'duration-too-long'],
    [43_200, 'duration-too-long'],
    [299, 'duration-too-short'],
    [1, 'duration-too-short'],
  ])('APP-08 of %i seconds is refused as %s and names what would pass', (durationSeconds, why) => {
    expect(answer(aRequest(), { durationSeconds })).toMatchObject({
      outcome: 'refused',
      why,
      wouldPass: 'a duration from PT5M to PT1H',
    })
  })

  it('APP-08 of several approvers the shortest holds, in whatever order they answer, and nobody lengthens it', () => {
    const $seconds = fc.option(fc.integer({ min: 300, max: 3600 }), { nil: undefined })
    fc.assert(
      fc.property(fc.tuple($seconds, $seconds, $seconds), durations => {
        const stages = [
          { name: 'owner', approvers: ['bob', 'carol'], quorum: 2 },
          { name: 'security', approvers: ['dave'], quorum: 1 },
        ]
        const people = ['carol', 'bob', 'dave']
        const request = people.reduce((current, approver, index) => {
          const durationSeconds = durations[index]
          return decided(answer(current, { approver, ...(durationSeconds !== undefined && { durationSeconds }) }))
            .transition.to
        }, aRequest({ stages }))

        const { notBefore, notAfter } = grantOf(request)
        const given = durations.flatMap(seconds => seconds ?? [])
        expect(notAfter).toEqual(plusSeconds(notBefore, Math.min(3600, ...given)))
      }),
    )
  })
})

describe('where only a signature counts', () => {
  const signedOnly = (request: Request): Today => ({ ...shownOf(request), assurance: 'signed' })

  it.each(['approve', 'deny'] as const)('APP-09 to %s by link is refused and changes nothing', decision => {
    const request = aRequest()

    expect(decide(request, aDecision(request, { decision }), signedOnly(request))).toMatchObject({
      outcome: 'refused',
      why: 'needs-signature',
    })
  })

  it('APP-09 a signed decision counts, and request and event say that it was signed', () => {
    const request = aRequest()

    const { transition } = decided(decide(request, aDecision(request, { via: 'signed' }), signedOnly(request)))

    expect(transition.to.decisions).toMatchObject([{ approver: 'bob', via: 'signed' }])
    expect(transition.event.details).toMatchObject({ via: 'signed' })
  })

  it('APP-09 a signature makes nobody an approver', () => {
    const request = aRequest()

    for (const approver of ['carol', 'alice', 'adam']) {
      const decision = aDecision(request, { approver, via: 'signed' })
      expect(decide(request, decision, signedOnly(request)).outcome).toBe('refused')
    }
  })
})

describe('a stage that has escalated', () => {
  const stage = { name: 'owner', approvers: ['bob'], quorum: 1, escalateTo: ['dave'] }
  const escalated = { ...stage, approvers: ['bob', 'dave'], escalatedAt: plusSeconds(ASKED_AT, 600) }

  it('APP-06 may be answered by those it went on to, as long as the access file names them', () => {
    const request = aRequest({ stages: [escalated] })
    const byDave = aDecision(request, { approver: 'dave' })

    expect(decide(request, byDave, { ...shownOf(request), stages: [stage] }).outcome).toBe('decided')
    expect(decide(request, byDave, { ...shownOf(request), stages: [{ ...stage, escalateTo: [] }] })).toMatchObject({
      why: 'not-an-approver',
    })
  })

  it('APP-06 may not be answered by who the access file has since put among those it would go on to', () => {
    const request = aRequest({ stages: [stage] })
    const today = { ...shownOf(request), stages: [{ ...stage, approvers: ['carol'], escalateTo: ['bob'] }] }

    expect(decide(request, aDecision(request), today)).toMatchObject({ why: 'not-an-approver' })
  })

  it('APP-06 may not be answered by them before it has', () => {
    const request = aRequest({ stages: [stage] })

    expect(answer(request, { approver: 'dave' })).toMatchObject({ why: 'not-an-approver' })
  })
})

/** What becomes of the request when Bob, unless another is named, answers having seen what he was shown. */
function answer(request: Request, decision: Partial<Decision>): Deciding {
  return decide(request, aDecision(request, decision), shownOf(request))
}

function decided(said: Deciding) {
  if (said.outcome === 'refused') throw new Error(said.detail)
  return said
}
