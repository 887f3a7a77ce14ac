import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { z } from 'zod'
import {
  type BusinessHours,
  isWithinHours,
  nextOpening,
  plusBusinessSeconds,
  WEEKDAYS,
} from '../../lambdas/domain/business-hours.ts'
import { secondsOfShortDuration } from '../../lambdas/domain/duration.ts'

const $instant = z.iso.datetime({ offset: true }).transform(text => new Date(text))
const $fact = z.string().regex(/^[A-Z]{3}-\d{2} /)
const $hours = z.strictObject({
  timezone: z.string(),
  spans: z.array(z.strictObject({ days: z.array(z.enum(WEEKDAYS)), from: z.string(), to: z.string() })),
  holidays: z.array(z.iso.date()),
})
/** A key that is not known is an error, so a case with a typing error cannot pass by saying nothing. */
const table = z
  .strictObject({
    about: z.string(),
    hours: z.record(z.string(), $hours),
    within: z.array(z.strictObject({ fact: $fact, hours: z.string(), at: $instant, within: z.boolean() })),
    openings: z.array(z.strictObject({ fact: $fact, hours: z.string(), at: $instant, opens: $instant.optional() })),
    sums: z.array(
      z.strictObject({ fact: $fact, hours: z.string(), from: $instant, plus: z.string(), gives: $instant }),
    ),
  })
  .parse(JSON.parse(readFileSync(new URL('./business-hours-cases.json', import.meta.url), 'utf8')))

function hoursNamed(name: string): BusinessHours {
  const hours = table.hours[name]
  if (!hours) throw new Error(`the table has no hours named ${name}`)
  return hours
}

describe('the table of business hours', () => {
  for (const { fact, hours, at, within } of table.within) {
    it(`${fact} (${hours})`, () => {
      expect(isWithinHours(hoursNamed(hours), at)).toBe(within)
    })
  }

  for (const { fact, hours, at, opens } of table.openings) {
    it(`${fact} (${hours})`, () => {
      expect(nextOpening(hoursNamed(hours), at)).toEqual(opens)
    })
  }

  for (const { fact, hours, from, plus, gives } of table.sums) {
    it(`${fact} (${hours})`, () => {
      const seconds = secondsOfShortDuration(plus)

      expect(seconds).toBeDefined()
      expect(plusBusinessSeconds(hoursNamed(hours), from, seconds ?? -1)).toEqual(gives)
    })
  }

  it('APP-06 has at least forty cases', () => {
    expect(table.within.length + table.openings.length + table.sums.length).toBeGreaterThanOrEqual(40)
  })
})

describe('what has no answer', () => {
  const office = hoursNamed('Berlin office')
  const monday = new Date('2026-11-23T12:00:00Z')

  it('APP-06 is an error: business time where there is none, time backwards, a time that no clock shows, no zone', () => {
    expect(() => plusBusinessSeconds(hoursNamed('never'), monday, 1)).toThrow(/no business time within a year/)
    expect(() => plusBusinessSeconds(office, monday, -1)).toThrow(RangeError)
    expect(() => plusBusinessSeconds(office, monday, Number.NaN)).toThrow(RangeError)
    expect(() => isWithinHours({ ...office, timezone: 'Europe/Nowhere' }, monday)).toThrow(RangeError)
    for (const from of ['8:00', '24:30', '25:00', '08:60', '', ' 08:00']) {
      const spans = [{ days: WEEKDAYS, from, to: '18:00' }]
      expect(() => isWithinHours({ ...office, spans }, monday)).toThrow(/is no time of a clock/)
    }
  })
})

/** Zones whose clocks are moved at two, at midnight, by half an hour, and never; two years hold every kind of move. */
const ZONES = [
  'Europe/Berlin',
  'America/New_York',
  'Asia/Tokyo',
  'Africa/Cairo',
  'Australia/Lord_Howe',
  'America/Santiago',
]
const $time = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom(0, 1, 15, 30, 59))
  .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`)
const $someHours = fc.record({
  timezone: fc.constantFrom(...ZONES),
  spans: fc.array(
    fc.record({
      days: fc.uniqueArray(fc.constantFrom(...WEEKDAYS), { minLength: 1 }),
      from: $time,
      to: fc.oneof($time, fc.constant('24:00')),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  holidays: fc.array(fc.constantFrom('2026-03-08', '2026-03-29', '2026-10-24', '2026-10-25', '2026-11-01')),
})
const MINUTE = 60_000
/** Whole minutes around the days on which some zone moves its clocks. */
const $minute = fc
  .tuple(
    fc.constantFrom(
      '2026-03-08',
      '2026-03-29',
      '2026-04-05',
      '2026-04-24',
      '2026-09-06',
      '2026-10-25',
      '2026-10-29',
      '2026-11-01',
    ),
    fc.integer({ min: -3 * 1440, max: 2 * 1440 }),
  )
  .map(([day, minutes]) => new Date(Date.parse(`${day}T00:00:00Z`) + minutes * MINUTE))

const calendars = new Map(
  ZONES.map(timeZone => [
    timeZone,
    new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }),
  ]),
)
const weekdays = new Intl.DateTimeFormat('en', { weekday: 'short', timeZone: 'UTC' })

function calendarOf(timezone: string): Intl.DateTimeFormat {
  const calendar = calendars.get(timezone)
  if (!calendar) throw new Error(`no calendar of ${timezone}`)
  return calendar
}

/** Whether a minute is within hours, found the slow and plain way: by the text a calendar in that zone shows. */
function oracle({ timezone, spans, holidays }: BusinessHours, at: Date): boolean {
  const [date = '', time = ''] = calendarOf(timezone).format(at).split(' ')
  const clock = time.slice(0, 5)
  const yesterday = new Date(Date.parse(date) - 1440 * MINUTE).toISOString().slice(0, 10)
  const isBegunOn = (day: string, days: readonly string[]) => {
    const weekday = weekdays.format(new Date(day)).toLowerCase()
    return days.includes(weekday) && !holidays.includes(day)
  }
  return spans.some(({ days, from, to }) =>
    from < to
      ? isBegunOn(date, days) && from <= clock && clock < to
      : (isBegunOn(date, days) && from <= clock) || (isBegunOn(yesterday, days) && clock < to),
  )
}

function* minutesFrom(at: Date, count: number) {
  for (let index = 0; index < count; index += 1) yield new Date(at.getTime() + index * MINUTE)
}

describe('whatever the hours,', () => {
  it('APP-03 each minute is within hours exactly when its wall clock says so', () => {
    fc.assert(
      fc.property($someHours, $minute, (hours, at) => {
        expect(isWithinHours(hours, at)).toBe(oracle(hours, at))
      }),
      { numRuns: 2000 },
    )
  })

  it('APP-06 a sum of business time ends where counting minute by minute ends', () => {
    const WEEK = 7 * 1440
    fc.assert(
      fc.property($someHours, $minute, fc.integer({ min: 1, max: 600 }), (hours, from, minutes) => {
        let counted = 0
        let last: Date | undefined
        for (const minute of minutesFrom(from, WEEK)) {
          if (oracle(hours, minute)) counted += 1
          if (counted < minutes) continue
          last = minute
          break
        }

        fc.pre(last !== undefined)
        const end = last && new Date(last.getTime() + MINUTE)
        expect(plusBusinessSeconds(hours, from, minutes * 60)).toEqual(end)
      }),
      { numRuns: 60 },
    )
  })

  it('APP-06 the next opening is the first minute within hours', () => {
    fc.assert(
      fc.property($someHours, $minute, (hours, at) => {
        let first: Date | undefined
        for (const minute of minutesFrom(at, 2 * 1440)) {
          if (!oracle(hours, minute)) continue
          first = minute
          break
        }
        const opening = nextOpening(hours, at)

        if (first) expect(opening).toEqual(first)
        else expect(opening === undefined || opening.getTime() >= at.getTime() + 2 * 1440 * MINUTE).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  it('APP-06 sums add up: so much, and then so much more, is all of it at once', () => {
    const $seconds = fc.integer({ min: 0, max: 100_000 })
    fc.assert(
      fc.property($someHours, $minute, $seconds, $seconds, (hours, from, some, more) => {
        const inTwo = plusBusinessSeconds(hours, plusBusinessSeconds(hours, from, some), more)

        expect(inTwo).toEqual(plusBusinessSeconds(hours, from, some + more))
      }),
      { numRuns: 100 },
    )
  })
})
