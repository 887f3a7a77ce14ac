import { describe, expect, it } from '@jest/globals'
import type { Ladder } from '../../lambdas/domain/approval-rules.ts'
import type { BusinessHours } from '../../lambdas/domain/business-hours.ts'
import { isOver, plusSeconds, toInstant } from '../../lambdas/domain/instant.ts'
import { answerByOf, climb, firstRungAt, type OnLadder } from '../../lambdas/domain/ladder.ts'

const MINUTE = 60
const ASKED_AT = new Date('2027-03-05T14:00:00Z')
const LADDER: Ladder = {
  remindAfterSeconds: 15 * MINUTE,
  escalateAfterSeconds: 30 * MINUTE,
  unansweredAfterSeconds: 240 * MINUTE,
}
/** Berlin is an hour ahead of UTC in the first weeks of March, and the fifth is a Friday. */
const OFFICE: BusinessHours = {
  timezone: 'Europe/Berlin',
  spans: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '08:00', to: '18:00' }],
  holidays: ['2027-03-09'],
}

/** Walks a stage up its ladder, minute by minute unless told otherwise, and gives what was done when. */
function walk(
  ladder: Ladder,
  hours: BusinessHours | undefined,
  start: Partial<OnLadder> = {},
  bouncedAfter = Infinity,
  step = 1,
) {
  const stageAskedAt = start.stageAskedAt ?? ASKED_AT
  let on: OnLadder = {
    stageAskedAt,
    answerBy: answerByOf(ladder, hours, ASKED_AT),
    isReminded: false,
    isEscalated: false,
    canEscalate: true,
    hasBounced: false,
    ...start,
  }
  const done: string[] = []
  for (let minute = 0; minute < 10 * 24 * 60; minute += step) {
    const now = plusSeconds(stageAskedAt, minute * MINUTE)
    if (minute >= bouncedAfter) on = { ...on, hasBounced: true }
    const { due } = climb(ladder, hours, on, now)
    if (due === undefined) continue
    done.push(`${toInstant(now).slice(0, 16)} ${due}`)
    if (due === 'give-up') return done
    on = { ...on, isReminded: true, isEscalated: on.isEscalated || due === 'escalate' }
  }
  return done
}

describe('the ladder of a stage', () => {
  it('APP-06 reminds, then asks others too, then gives up, each to the minute', () => {
    expect(walk(LADDER, undefined)).toEqual([
      '2027-03-05T14:15 remind',
      '2027-03-05T14:30 escalate',
      '2027-03-05T18:00 give-up',
    ])
  })

  it('APP-06 counts only working time where the entitlement says so: over a weekend and a holiday', () => {
    const slow = {
      ...LADDER,
      escalateAfterSeconds: 5 * 60 * MINUTE,
      unansweredAfterSeconds: 20 * 60 * MINUTE,
      isWithinHours: true,
    }

    expect(walk(slow, OFFICE, {}, Infinity, 15)).toEqual([
      '2027-03-05T14:15 remind',
      '2027-03-08T09:00 escalate',
      '2027-03-10T14:00 give-up',
    ])
  })

  it('APP-06 counts every hour where the organisation has named none', () => {
    expect(walk({ ...LADDER, isWithinHours: true }, undefined)).toEqual(walk(LADDER, undefined))
  })

  it('APP-06 has no rung to escalate where nobody else could be asked', () => {
    expect(walk(LADDER, undefined, { canEscalate: false })).toEqual([
      '2027-03-05T14:15 remind',
      '2027-03-05T18:00 give-up',
    ])
  })

  it('APP-06 does not escalate by time where the entitlement sets none', () => {
    const { escalateAfterSeconds: _, ...ladder } = LADDER

    expect(walk(ladder, undefined)).toEqual(['2027-03-05T14:15 remind', '2027-03-05T18:00 give-up'])
  })

  it('FI-15 escalates in the minute a mail bounces, and does not remind on top', () => {
    expect(walk(LADDER, undefined, {}, 3)).toEqual(['2027-03-05T14:03 escalate', '2027-03-05T18:00 give-up'])
  })

  it('FI-15 escalates for a bounce even where the entitlement sets no time for it', () => {
    const { escalateAfterSeconds: _, ...ladder } = LADDER

    expect(walk(ladder, undefined, {}, 3)).toEqual(['2027-03-05T14:03 escalate', '2027-03-05T18:00 give-up'])
  })

  it('APP-06 counts a later stage from when it was asked, and gives up by the ask', () => {
    const stageAskedAt = plusSeconds(ASKED_AT, 230 * MINUTE)

    expect(walk(LADDER, undefined, { stageAskedAt })).toEqual(['2027-03-05T18:00 give-up'])
  })

  it('APP-06 names the next rung, so that a wait ends neither before nor long after it', () => {
    const answerBy = answerByOf(LADDER, undefined, ASKED_AT)
    const on = {
      stageAskedAt: ASKED_AT,
      answerBy,
      isReminded: false,
      isEscalated: false,
      canEscalate: true,
      hasBounced: false,
    }
    const at = (minutes: number) => plusSeconds(ASKED_AT, minutes * MINUTE)

    expect(firstRungAt(LADDER, undefined, on)).toEqual(at(15))
    expect(climb(LADDER, undefined, on, at(15))).toEqual({ due: 'remind', next: at(30) })
    expect(climb(LADDER, undefined, { ...on, isReminded: true }, at(15))).toEqual({ due: undefined, next: at(30) })
    expect(climb(LADDER, undefined, { ...on, isReminded: true }, at(30))).toEqual({ due: 'escalate', next: answerBy })
    expect(climb(LADDER, undefined, { ...on, isReminded: true, isEscalated: true }, at(31)).next).toEqual(answerBy)
  })

  it('APP-06 never names a next rung in the past or after the time to answer', () => {
    const answerBy = answerByOf(LADDER, undefined, ASKED_AT)
    for (let minute = 0; minute < 240; minute += 1) {
      const now = plusSeconds(ASKED_AT, minute * MINUTE)
      for (const bits of Array.from({ length: 16 }, (_, index) => index)) {
        const on = {
          stageAskedAt: ASKED_AT,
          answerBy,
          isReminded: (bits & 1) > 0,
          isEscalated: (bits & 2) > 0,
          canEscalate: (bits & 4) > 0,
          hasBounced: (bits & 8) > 0,
        }
        const { next } = climb(LADDER, undefined, on, now)
        expect(isOver(next, now)).toBe(false)
        expect(next <= answerBy).toBe(true)
      }
    }
  })
})
