import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  isWithin,
  monthOf,
  monthsOf,
  type Period,
  periodNamed,
  quarterBefore,
  quarterOf,
} from '../../lambdas/domain/period.ts'

const ZONES = [
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kolkata',
  'Pacific/Apia',
  'Pacific/Pago_Pago',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Africa/Cairo',
  'America/Asuncion',
  'America/Havana',
  'America/Santiago',
  'UTC',
] as const

/** From 2012, after Samoa crossed the date line and had no 30 December 2011. */
const $instant = fc.date({
  min: new Date('2012-01-01T00:00:00Z'),
  max: new Date('2049-12-31T00:00:00Z'),
  noInvalidDate: true,
})
const $zone = fc.constantFrom(...ZONES)

describe('a quarter', () => {
  it.each([
    ['2026-Q1', 'Europe/Berlin', '2025-12-31T23:00:00Z', '2026-03-31T22:00:00Z'],
    ['2026-Q2', 'Europe/Berlin', '2026-03-31T22:00:00Z', '2026-06-30T22:00:00Z'],
    ['2026-Q4', 'Europe/Berlin', '2026-09-30T22:00:00Z', '2026-12-31T23:00:00Z'],
    ['2026-Q1', 'America/New_York', '2026-01-01T05:00:00Z', '2026-04-01T04:00:00Z'],
    ['2026-Q4', 'America/New_York', '2026-10-01T04:00:00Z', '2027-01-01T05:00:00Z'],
    ['2026-Q3', 'Asia/Kolkata', '2026-06-30T18:30:00Z', '2026-09-30T18:30:00Z'],
    ['2026-Q4', 'Pacific/Apia', '2026-09-30T11:00:00Z', '2026-12-31T11:00:00Z'],
    ['2011-Q4', 'Pacific/Apia', '2011-10-01T10:00:00Z', '2011-12-31T10:00:00Z'],
    ['2026-Q2', 'UTC', '2026-04-01T00:00:00Z', '2026-07-01T00:00:00Z'],
    ['2028-Q1', 'UTC', '2028-01-01T00:00:00Z', '2028-04-01T00:00:00Z'],
    ['2023-Q4', 'America/Asuncion', '2023-10-01T04:00:00Z', '2024-01-01T03:00:00Z'],
  ])('REV-01 %s in %s is from %s to %s', (name, zone, from, to) => {
    expect(periodNamed(name, zone)).toEqual({ name, from: new Date(from), to: new Date(to) })
  })

  it('REV-01 is as long as its days, less the hour that spring takes', () => {
    const { from, to } = period('2026-Q1', 'Europe/Berlin')

    expect(to.getTime() - from.getTime()).toBe((90 * 24 - 1) * 3_600_000)
  })

  it('REV-01 every instant lies in exactly one, the one that is named after it', () => {
    fc.assert(
      fc.property($instant, $zone, (instant, zone) => {
        const year = instant.getUTCFullYear()
        const names = [year - 1, year, year + 1].flatMap(y => [1, 2, 3, 4].map(q => `${y}-Q${q}`))

        expect(names.filter(name => isWithin(period(name, zone), instant))).toEqual([quarterOf(instant, zone)])
      }),
      { numRuns: 200 },
    )
  })

  it('REV-01 the one before ends at the instant it begins', () => {
    fc.assert(
      fc.property($instant, $zone, (instant, zone) => {
        const before = period(quarterBefore(instant, zone), zone)

        expect(before.to).toEqual(period(quarterOf(instant, zone), zone).from)
      }),
    )
  })

  it.each([
    ['2027-01-01T00:00:00Z', 'UTC', '2027-Q1', '2026-Q4'],
    ['2026-12-31T23:30:00Z', 'UTC', '2026-Q4', '2026-Q3'],
    ['2026-12-31T23:30:00Z', 'Europe/Berlin', '2027-Q1', '2026-Q4'],
    ['2027-01-01T04:59:59Z', 'America/New_York', '2026-Q4', '2026-Q3'],
    ['2026-03-31T23:59:59Z', 'UTC', '2026-Q1', '2025-Q4'],
    ['2026-06-30T18:30:00Z', 'Asia/Kolkata', '2026-Q3', '2026-Q2'],
    ['2026-09-30T10:59:59Z', 'Pacific/Apia', '2026-Q3', '2026-Q2'],
  ])('REV-01 %s in %s lies in %s, after %s', (instant, zone, name, before) => {
    expect(quarterOf(new Date(instant), zone)).toBe(name)
    expect(quarterBefore(new Date(instant), zone)).toBe(before)
  })
})

describe('a period of days', () => {
  it.each([
    ['2026-10-01..2026-10-15', 'UTC', '2026-10-01T00:00:00Z', '2026-10-16T00:00:00Z'],
    ['2026-10-01..2026-10-01', 'Europe/Berlin', '2026-09-30T22:00:00Z', '2026-10-01T22:00:00Z'],
    ['2026-03-29..2026-03-29', 'Europe/Berlin', '2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z'],
    ['2026-10-25..2026-10-25', 'Europe/Berlin', '2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z'],
    ['2026-03-08..2026-03-08', 'America/New_York', '2026-03-08T05:00:00Z', '2026-03-09T04:00:00Z'],
    ['2027-12-31..2028-02-29', 'UTC', '2027-12-31T00:00:00Z', '2028-03-01T00:00:00Z'],
    ['2027-03-14..2027-03-14', 'America/Havana', '2027-03-14T05:00:00Z', '2027-03-15T04:00:00Z'],
    ['2026-04-24..2026-04-24', 'Africa/Cairo', '2026-04-23T22:00:00Z', '2026-04-24T21:00:00Z'],
  ])('REV-01 %s in %s holds its first and its last day', (name, zone, from, to) => {
    expect(periodNamed(name, zone)).toEqual({ name, from: new Date(from), to: new Date(to) })
  })

  it('REV-01 holds its first instant and not the one after its last', () => {
    const october = period('2026-10-01..2026-10-31', 'UTC')

    expect(isWithin(october, new Date('2026-09-30T23:59:59.999Z'))).toBe(false)
    expect(isWithin(october, new Date('2026-10-01T00:00:00Z'))).toBe(true)
    expect(isWithin(october, new Date('2026-10-31T23:59:59.999Z'))).toBe(true)
    expect(isWithin(october, new Date('2026-11-01T00:00:00Z'))).toBe(false)
  })

  it('REV-01 each day begins when the day before ends', () => {
    fc.assert(
      fc.property($instant, $zone, (instant, zone) => {
        const day = instant.toISOString().slice(0, 10)
        const next = new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10)

        expect(period(`${day}..${day}`, zone).to).toEqual(period(`${next}..${next}`, zone).from)
      }),
    )
  })
})

describe('a name that is no period', () => {
  it.each(
    [
      '',
      '2026',
      'Q4',
      '2026-Q0',
      '2026-Q5',
      '2026-q4',
      '26-Q4',
      '2026Q4',
      '2026-Q4 ',
      ' 2026-Q4',
      '2026-Q4\n',
      '2026-Q12',
    ].concat(
      ['2026-10', '2026-10-01', '2026-10-01..', '..2026-10-01', '2026-10-15..2026-10-01', '2026-10-01...2026-10-15'],
      [
        '2026-02-30..2026-03-01',
        '2026-02-01..2026-02-29',
        '2026-13-01..2026-13-02',
        '2026-00-01..2026-01-01',
        '2026-01-00..2026-01-01',
      ],
      [
        '2026-10-01..2026-10-15/../../x',
        '2026-1-1..2026-1-2',
        '+2026-Q4',
        '0050-Q1',
        '0050-01-01..0050-01-02',
        '../2026-Q4',
        '२०२६-Q4',
      ],
    ),
  )('REV-01 %j is refused', name => {
    expect(periodNamed(name, 'Europe/Berlin')).toBeUndefined()
  })

  it('REV-01 a zone that does not exist is an error, not another zone', () => {
    expect(() => periodNamed('2026-Q4', 'Europe/Atlantis')).toThrow(RangeError)
  })
})

describe('the months of a period', () => {
  it.each([
    ['2026-Q4', 'UTC', ['2026-10', '2026-11', '2026-12']],
    ['2026-Q4', 'Europe/Berlin', ['2026-09', '2026-10', '2026-11', '2026-12']],
    ['2026-Q4', 'America/New_York', ['2026-10', '2026-11', '2026-12', '2027-01']],
    ['2026-01-31..2026-03-01', 'UTC', ['2026-01', '2026-02', '2026-03']],
    ['2026-01-31..2026-01-31', 'UTC', ['2026-01']],
    ['2026-12-31..2027-01-01', 'UTC', ['2026-12', '2027-01']],
  ])('REV-17 of %s in %s are %j', (name, zone, months) => {
    expect(monthsOf(period(name, zone))).toEqual(months)
  })

  it('REV-17 hold the month of every instant of the period, each once and in order', () => {
    fc.assert(
      fc.property($instant, $zone, (instant, zone) => {
        const months = monthsOf(period(quarterOf(instant, zone), zone))

        expect(months).toContain(monthOf(instant))
        expect([...new Set(months)].sort()).toEqual(months)
      }),
    )
  })

  it('REV-17 of an empty period are none', () => {
    const from = new Date('2026-10-01T00:00:00Z')

    expect(monthsOf({ name: 'empty', from, to: from })).toEqual([])
  })
})

function period(name: string, zone: string): Period {
  const found = periodNamed(name, zone)
  if (!found) throw new Error(`${name} is no period`)
  return found
}
