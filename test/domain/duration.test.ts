import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  secondsOfIsoDuration,
  secondsOfShortDuration,
  toIsoDuration,
  toShortDuration,
} from '../../lambdas/domain/duration.ts'

/** Up to 9,999 hours, the most hours either form can say. */
const SECONDS = fc.integer({ min: 0, max: 9999 * 3600 + 3599 })

describe('durations', () => {
  it.each([
    ['PT30M', 1800],
    ['PT1H30M', 5400],
    ['PT90M', 5400],
    ['PT1H0M1S', 3601],
    ['P1D', 86_400],
    ['P2DT3H4M5S', 183_845],
    ['PT0S', 0],
  ])('REQ-04 ISO %s is %i seconds', (text, seconds) => {
    expect(secondsOfIsoDuration(text)).toBe(seconds)
  })

  it.each([
    ['30m', 1800],
    ['1h30m', 5400],
    ['2d', 172_800],
    ['1d1h1m1s', 90_061],
    ['0s', 0],
  ])('REQ-04 short %s is %i seconds', (text, seconds) => {
    expect(secondsOfShortDuration(text)).toBe(seconds)
  })

  it.each(
    [
      '',
      'P',
      'PT',
      'P1DT',
      'P1M',
      'P1Y',
      'P1W',
      'PT-5M',
      '-PT5M',
      '+PT5M',
      'PT1.5H',
      'PT1,5H',
      'PT5',
      'PT5M1H',
      'P1H',
      'PT1D',
      'T5M',
    ].concat([
      'pt30m',
      ' PT30M',
      'PT30M ',
      'PT30M\n',
      'PT 30M',
      'PT1234567S',
      'PT12345H',
      'P1234D',
      'PT٣M',
      'PT1e3S',
      'PT0x10S',
      '30m',
      '1800',
      'PT30M/PT1H',
    ]),
  )('REQ-04 ISO refuses %j', text => {
    expect(secondsOfIsoDuration(text)).toBeUndefined()
  })

  it.each([
    '',
    '1.5h',
    '1,5h',
    '-5m',
    '+5m',
    '5',
    'm',
    '5m1h',
    '1h 30m',
    ' 30m',
    '30m\n',
    '30M',
    '1w',
    '1y',
    '5min',
    'PT30M',
    '٣m',
    '1e3s',
    '1234d',
    '1h1h',
  ])('REQ-04 the short form refuses %j', text => {
    expect(secondsOfShortDuration(text)).toBeUndefined()
  })

  it.each([
    [0, 'PT0S', '0s'],
    [59, 'PT59S', '59s'],
    [60, 'PT1M', '1m'],
    [3599, 'PT59M59S', '59m59s'],
    [3600, 'PT1H', '1h'],
    [3601, 'PT1H1S', '1h1s'],
    [86_400, 'PT24H', '24h'],
    [90_061, 'PT25H1M1S', '25h1m1s'],
  ])('REQ-04 %i seconds are written %s and %s', (seconds, iso, short) => {
    expect(toIsoDuration(seconds)).toBe(iso)
    expect(toShortDuration(seconds)).toBe(short)
  })

  it('REQ-04 whatever is written is read back as the same seconds', () => {
    fc.assert(
      fc.property(SECONDS, seconds => {
        expect(secondsOfIsoDuration(toIsoDuration(seconds))).toBe(seconds)
        expect(secondsOfShortDuration(toShortDuration(seconds))).toBe(seconds)
      }),
    )
  })

  it('REQ-04 what is read is the sum of its parts, whatever parts are left out', () => {
    const part = (max: number) => fc.option(fc.integer({ min: 0, max }), { nil: undefined })
    fc.assert(
      fc.property(part(999), part(9999), part(99_999), part(999_999), (days, hours, minutes, seconds) => {
        const say = (count: number | undefined, unit: string): string => (count === undefined ? '' : `${count}${unit}`)
        const short = say(days, 'd') + say(hours, 'h') + say(minutes, 'm') + say(seconds, 's')
        const sum = (days ?? 0) * 86_400 + (hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0)

        expect(secondsOfShortDuration(short)).toBe(short === '' ? undefined : sum)
      }),
    )
  })
})
