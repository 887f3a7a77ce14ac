import { describe, expect, it } from '@jest/globals'
import type { BusinessHours } from '../../lambdas/domain/business-hours.ts'
import { offHoursOf } from '../../lambdas/domain/off-hours.ts'

const OFFICE: BusinessHours = {
  timezone: 'Europe/Berlin',
  spans: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '08:00', to: '18:00' }],
  holidays: ['2027-03-09'],
}

/** In March Berlin is an hour ahead of UTC; the 5th is a Friday. */
const asked = (askedAt: string, hours: number, earliestStart?: string) => ({
  askedAt: new Date(askedAt),
  durationSeconds: hours * 3600,
  ...(earliestStart !== undefined && { earliestStart: new Date(earliestStart) }),
})

describe('what of a request lies off-hours', () => {
  it.each([
    ['all of it within the hours', asked('2027-03-05T14:00:00Z', 3), { asked: false, window: false }],
    ['up to the last second of them', asked('2027-03-05T15:00:00Z', 2), { asked: false, window: false }],
    ['a window that begins in them and ends after', asked('2027-03-05T16:30:00Z', 1), { asked: false, window: true }],
    ['asked on a Saturday for now', asked('2027-03-06T12:00:00Z', 1), { asked: true, window: true }],
    [
      'asked on a Saturday for Monday morning',
      asked('2027-03-06T12:00:00Z', 1, '2027-03-08T07:00:00Z'),
      { asked: true, window: false },
    ],
    ['asked on a holiday', asked('2027-03-09T12:00:00Z', 1), { asked: true, window: true }],
    [
      'asked in the hours for the night',
      asked('2027-03-05T12:00:00Z', 1, '2027-03-05T22:00:00Z'),
      { asked: false, window: true },
    ],
    [
      'a start in the past, which begins with the approval',
      asked('2027-03-05T12:00:00Z', 1, '2027-03-05T01:00:00Z'),
      { asked: false, window: false },
    ],
    ['over the change to summer time, on a Sunday', asked('2027-03-28T00:30:00Z', 1), { asked: true, window: true }],
  ])('APP-03 %s', (_, request, expected) => {
    expect(offHoursOf(OFFICE, request)).toEqual(expected)
  })

  it('APP-03 nothing is said where the organisation has named no hours', () => {
    expect(offHoursOf(undefined, asked('2027-03-06T12:00:00Z', 1))).toBeUndefined()
  })
})
