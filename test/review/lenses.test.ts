import { describe, expect, it } from '@jest/globals'
import { plusSeconds } from '../../lambdas/domain/instant.ts'
import { periodNamed } from '../../lambdas/domain/period.ts'
import type { History, ReviewContext } from '../../lambdas/domain/review/lens.ts'
import { summaryOf } from '../../lambdas/domain/review/manifest.ts'
import { questions } from '../../lambdas/domain/review/review.ts'
import { sessionOf } from '../../lambdas/domain/review/session.ts'
import { aHistory, aRefusedHistory } from '../support/a-history.ts'
import { ASKED_AT, grantOf } from '../support/a-request.ts'
import { anAccessFile, anEntitlement, aRule, aStage } from '../support/an-access-file.ts'

const TWO_STAGES = [aStage(), aStage({ name: 'security', approvers: ['carol'] })].map(
  ({ name, approvers, quorum }) => ({ name, approvers, quorum }),
)

describe('REV-02 inventory', () => {
  it('REV-02 names the people an allowing rule lets in after the denying ones, and how often the rule was used', () => {
    const rules = [
      aRule({ name: 'team', members: ['group:team'] }),
      aRule({ name: 'leavers', effect: 'deny', members: ['dave'] }),
    ]
    const access = anAccessFile({
      groups: { team: ['alice', 'dave', 'erin'] },
      entitlements: [anEntitlement({ rules })],
    })

    const { rows } = reviewOf([aHistory({ rule: 'team' }).approved(), aHistory({ rule: 'team' }).denied()], {
      access,
    }).inventory

    expect(rows).toMatchObject([
      { rule: 'leavers', effect: 'deny', people: ['dave'], asked: 0 },
      {
        rule: 'team',
        people: ['alice', 'erin'],
        maximumMinutes: 120,
        asked: 2,
        granted: 1,
        stages: [{ approvers: ['bob'] }],
      },
    ])
  })

  it('REV-02 lists what was granted in the period and is no longer in the access file', () => {
    const { former } = reviewOf([
      aHistory({ entitlement: 'gone', rule: 'old' }).approved(),
      aHistory({ entitlement: 'typo' }),
    ]).inventory

    expect(former).toEqual([{ entitlement: 'gone', rule: 'old', asked: 1, granted: 1 }])
  })
})

describe('REV-03 sessions', () => {
  it('REV-03 tells who, what, why, by whose leave, and every time from the ask to the proof', () => {
    const history = aHistory({ ticket: 'OPS-7', parameters: { bucket: 'logs' } })
      .approved()
      .activated()
      .ended({ lateBySeconds: 3 })

    const session = sessionOf(history)

    const { id, reason } = history.request
    const approvedAt = plusSeconds(ASKED_AT, 900)
    expect(session).toEqual({
      requestId: id,
      requester: 'alice',
      entitlement: 'logs-read',
      parameters: { bucket: 'logs' },
      reason,
      ticket: 'OPS-7',
      rule: 'alice',
      approvers: ['bob'],
      askedAt: ASKED_AT,
      approvedAt,
      approvalSeconds: 900,
      beganAt: plusSeconds(approvedAt, 2),
      plannedEnd: plusSeconds(approvedAt, 3600),
      endedAt: plusSeconds(approvedAt, 3600),
      verifiedAt: plusSeconds(approvedAt, 3603),
      cause: 'expired',
      status: 'ENDED',
      requestedSeconds: 3600,
      grantedSeconds: 3600,
      heldSeconds: 3598,
      latenessSeconds: 3,
    })
  })

  it('REV-03 begins a grant attached before its start at its start', () => {
    const earliestStart = plusSeconds(ASKED_AT, 7200)

    const { beganAt } = sessionOf(aHistory({ earliestStart }).approved().activated())

    expect(beganAt).toEqual(earliestStart)
  })

  it('REV-03 ends a returned grant when its removal was proven, and it is not late', () => {
    const session = sessionOf(aHistory().approved().activated().ended({ cause: 'returned', lateBySeconds: -600 }))

    expect(session).toMatchObject({ cause: 'returned', latenessSeconds: 0, heldSeconds: 2998 })
    expect(session.endedAt).toEqual(session.verifiedAt)
  })

  it('REV-03 gives a grant that ended before it was attached no beginning and no minute held', () => {
    const session = sessionOf(aHistory().approved().ended({ cause: 'revoked', lateBySeconds: -600 }))

    expect(session).toMatchObject({ heldSeconds: 0 })
    expect(session).not.toHaveProperty('beganAt')
    expect(session).not.toHaveProperty('endedAt')
  })

  it('REV-03 shows the first two hundred by request id and counts them all', () => {
    const histories = Array.from({ length: 450 }, (_, index) => aHistory({ id: ulid(449 - index) }))

    const { count, shown } = reviewOf(histories).sessions

    expect(count).toBe(450)
    expect(shown.map(({ requestId }) => requestId)).toEqual(Array.from({ length: 200 }, (_, index) => ulid(index)))
  })
})

describe('REV-04 volume', () => {
  it('REV-04 counts requests by what became of them, by person and by entitlement, the most first', () => {
    const { volume } = reviewOf([
      aHistory().approved(),
      aHistory().denied(),
      aHistory().unanswered(),
      aHistory({ requester: 'erin', entitlement: 'db-read' }).cancelled(),
      aHistory({ requester: 'erin' }).approved().failed(),
      aRefusedHistory(),
    ])

    expect(volume.requests).toEqual({ total: 6, granted: 1, denied: 1, refused: 1, unanswered: 1, other: 2 })
    expect(volume.byPerson.map(({ person, total }) => [person, total])).toEqual([
      ['alice', 4],
      ['erin', 2],
    ])
    expect(volume.byEntitlement.map(({ entitlement, total }) => [entitlement, total])).toEqual([
      ['logs-read', 5],
      ['db-read', 1],
    ])
    expect(volume.byStatus).toContainEqual({ status: 'FAILED', count: 1 })
  })

  it('REV-04 counts by ISO week, by UTC, weeks without a request too', () => {
    const { byWeek } = reviewOf(
      [aHistory({ at: new Date('2027-01-03T23:59:59Z') }), aHistory({ at: new Date('2027-01-04T00:00:00Z') })],
      {
        now: new Date('2027-01-20T00:00:00Z'),
      },
    ).volume

    expect(byWeek.map(({ week, total }) => [week, total])).toEqual([
      ['2026-W53', 1],
      ['2027-W01', 1],
      ['2027-W02', 0],
      ['2027-W03', 0],
    ])
  })

  it('REV-04 names who asked for the same thing again', () => {
    const { repeats } = reviewOf([
      aHistory(),
      aHistory(),
      aHistory({ requester: 'erin' }),
      aHistory({ entitlement: 'db-read' }),
    ]).volume

    expect(repeats).toMatchObject([{ person: 'alice', entitlement: 'logs-read', total: 2 }])
  })
})

describe('REV-05 durations', () => {
  it('REV-05 gives exact percentiles of minutes that were really asked for', () => {
    const minutes = Array.from({ length: 100 }, (_, index) => index + 1)

    const { requested, granted } = reviewOf(minutes.map(each => aHistory({ durationSeconds: each * 60 }))).durations

    expect(requested).toEqual({ count: 100, total: 5050, p50: 50, p95: 95, maximum: 100 })
    expect(granted).toBeUndefined()
  })

  it('REV-05 sets requested, granted and held minutes beside each other, by entitlement', () => {
    const { byEntitlement, histogram } = reviewOf([
      aHistory().approved().activated().ended({ lateBySeconds: -1798 }),
      aHistory(),
      aRefusedHistory(),
    ]).durations

    expect(byEntitlement).toMatchObject([
      {
        entitlement: 'logs-read',
        requested: { count: 2, p50: 60 },
        granted: { count: 1, p50: 60 },
        held: { count: 1, p50: 30 },
      },
    ])
    expect(histogram).toContainEqual({ upToMinutes: 60, requested: 2, granted: 1 })
  })
})

describe('REV-08 time limits', () => {
  it('REV-08 lists a grant whose removal was proven late', () => {
    const late = aHistory().approved().activated().ended({ lateBySeconds: 61 })
    const punctual = aHistory().approved().activated().ended({ lateBySeconds: 60 })

    const { timeLimits } = reviewOf([punctual, late])

    expect(timeLimits.late.map(({ requestId, latenessSeconds }) => [requestId, latenessSeconds])).toEqual([
      [late.request.id, 61],
    ])
    expect(timeLimits.lateness).toEqual({ count: 2, total: 121, p50: 60, p95: 61, maximum: 61 })
    expect(timeLimits.lingering).toEqual([])
  })

  it.each([
    ['a second before its planned end', -1, 0],
    ['at its planned end', 0, 1],
  ])('REV-08 an unproven grant lingers: %s it is counted %i+%i', (_, seconds, count) => {
    const active = aHistory().approved().activated()
    const now = plusSeconds(grantOf(active.request).notAfter, seconds)

    const { lingering, running } = reviewOf([active], { now }).timeLimits

    expect(lingering.map(({ requestId }) => requestId)).toEqual(count === 1 ? [active.request.id] : [])
    expect(running).toBe(1 - count)
  })

  it('REV-08 an approved grant that was never attached and never removed lingers too', () => {
    const stuck = aHistory().approved()

    expect(reviewOf([stuck]).timeLimits.lingering).toMatchObject([{ requestId: stuck.request.id }])
  })

  it('REV-08 a grant that failed before it was attached does not linger', () => {
    expect(reviewOf([aHistory().approved().failed()]).timeLimits).toMatchObject({
      lingering: [],
      neverAttached: 1,
      grants: 1,
    })
  })

  it('REV-08 adds up the minutes held, those of running grants up to now', () => {
    const active = aHistory().approved().activated()
    const now = plusSeconds(grantOf(active.request).notBefore, 602)

    const { heldMinutes } = reviewOf([active, aHistory().approved().activated().ended({ lateBySeconds: -3298 })], {
      now,
    }).timeLimits

    expect(heldMinutes).toBe(15)
  })
})

describe('REV-09 approvals', () => {
  it('REV-09 measures a later stage from the moment the one before was passed', () => {
    const history = aHistory({ stages: TWO_STAGES }).approved({ afterSeconds: 600 }).approved({ afterSeconds: 1000 })

    const { byApprover, byStage } = reviewOf([history]).approvals

    expect(byApprover).toMatchObject([
      { approver: 'bob', approved: 1, secondsToDecision: { p50: 600 } },
      { approver: 'carol', approved: 1, secondsToDecision: { p50: 400 } },
    ])
    expect(byStage).toMatchObject([
      { entitlement: 'logs-read', stage: 'owner', approved: 1 },
      { entitlement: 'logs-read', stage: 'security', approved: 1 },
    ])
  })

  it('REV-09 counts denials, reminders and silence with those who owed the answer', () => {
    const stages = [{ name: 'owner', approvers: ['bob', 'carol'], quorum: 2 }]
    const silent = aHistory({ stages }).approved({ approver: 'bob' }).reminded().unanswered()

    const { approvals } = reviewOf([silent, aHistory().denied()])

    expect(approvals).toMatchObject({ approved: 1, denied: 1, unanswered: 1, reminded: 1 })
    expect(approvals.byApprover).toMatchObject([
      { approver: 'bob', approved: 1, denied: 1, unanswered: 0 },
      { approver: 'carol', approved: 0, denied: 0, unanswered: 1 },
    ])
  })
})

describe('REV-16 the ledger', () => {
  it('REV-16 finds an event that was changed, and says which', () => {
    const forged = aHistory()
      .approved()
      .forged(([first, ...rest]) => (first ? [first, ...rest.map(event => ({ ...event, details: {} }))] : []))

    expect(reviewOf([aHistory(), forged]).chain).toMatchObject({
      checked: 2,
      verdict: 'broken',
      broken: [{ requestId: forged.request.id, sequence: 2 }],
    })
  })

  it('REV-16 finds events cut off at the end, which break no hash', () => {
    const forged = aHistory()
      .approved()
      .activated()
      .forged(events => events.slice(0, -1))

    expect(reviewOf([forged]).chain.broken).toMatchObject([{ requestId: forged.request.id, sequence: 3 }])
  })

  it('REV-16 an intact ledger is said to be', () => {
    expect(reviewOf([aHistory().approved().activated().ended()]).chain).toEqual({
      checked: 1,
      events: 4,
      verdict: 'intact',
      broken: [],
    })
  })
})

describe('REV-16 the sentence', () => {
  it('REV-16 sums a clean quarter up in words an auditor can quote', () => {
    const access = anAccessFile({ organisation: 'Example GmbH', timezone: 'UTC' })
    const context = contextOf({ access })

    const sentence = summaryOf(
      reviewOf([aHistory().approved().activated().ended(), aRefusedHistory()], { access }),
      'Example GmbH',
      context,
    )

    expect(sentence).toBe(
      'In 2027-Q1, 2 requests for elevated access were made at Example GmbH: 1 granted, 0 denied, 1 refused by rule, 0 left unanswered, ' +
        '0 open, cancelled or failed. Of the 1 grant, 1 ended with a proof of removal and none outlived its planned end without one; ' +
        'the ledger of 5 events is unbroken.',
    )
  })

  it('REV-16 says first what is wrong', () => {
    const sentence = summaryOf(
      reviewOf([aHistory().approved(), aHistory().forged(() => [])]),
      'Example GmbH',
      contextOf({}),
    )

    expect(sentence).toContain(
      '1 grant of 1 passed the planned end without a proof of removal; the ledger is broken for 1 request.',
    )
  })
})

function reviewOf(histories: readonly History[], overrides: Partial<ReviewContext> = {}) {
  const state = histories.reduce((before, history) => questions.add(before, history), questions.init())
  return questions.finish(state, contextOf(overrides))
}

function contextOf(overrides: Partial<ReviewContext>): ReviewContext {
  const period = periodNamed('2027-Q1', 'UTC')
  if (!period) throw new Error('the calendar has no such quarter')
  return { access: anAccessFile(), period, now: new Date('2027-04-01T00:00:00Z'), ...overrides }
}

function ulid(number: number): string {
  return String(number).padStart(26, '0')
}
