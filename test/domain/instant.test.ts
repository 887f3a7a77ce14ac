import { describe, expect, it } from '@jest/globals'
import { isInstant, isOver, plusSeconds, toInstant, wholeSeconds } from '../../lambdas/domain/instant.ts'

const NOON = new Date('2027-03-01T12:00:00Z')

describe('instants', () => {
  it('REQ-04 are written in UTC, in whole seconds, with Z', () => {
    expect(toInstant(new Date('2027-03-01T12:00:00+02:00'))).toBe('2027-03-01T10:00:00Z')
    expect(toInstant(new Date('2027-03-01T12:00:00.999Z'))).toBe('2027-03-01T12:00:00Z')
  })

  it('REQ-04 lose their milliseconds downwards, also before 1970', () => {
    expect(wholeSeconds(new Date(1999))).toEqual(new Date(1000))
    expect(wholeSeconds(new Date(2000))).toEqual(new Date(2000))
    expect(wholeSeconds(new Date(-1))).toEqual(new Date(-1000))
  })

  it('REQ-04 move by seconds in both directions and leave the given date as it was', () => {
    const date = new Date(NOON)

    expect(plusSeconds(date, 90)).toEqual(new Date('2027-03-01T12:01:30Z'))
    expect(plusSeconds(date, -90)).toEqual(new Date('2027-03-01T11:58:30Z'))
    expect(date).toEqual(NOON)
  })

  it('REQ-04 have no time without a date', () => {
    expect(() => toInstant(new Date(Number.NaN))).toThrow(RangeError)
  })

  it.each([
    '2027-13-01T12:00:00Z',
    '2027-02-30T12:00:00Z',
    '2027-03-01T24:00:00Z',
    '+012027-03-01T12:00:00Z',
    '2027-03-01T12:00:00+00:00',
    '2027-03-01T12:00:00.0Z',
    '2027-03-01',
    '',
  ])('AUD-03 are none that read otherwise: %s', text => {
    expect(isInstant(text)).toBe(false)
    expect(isInstant('2027-03-01T12:00:00Z')).toBe(true)
  })

  it.each([
    ['a millisecond before its end', -0.001, false],
    ['at its end', 0, true],
    ['a millisecond after its end', 0.001, true],
  ])('END-01 something is over %s: %s s is %s', (_, seconds, over) => {
    expect(isOver(NOON, plusSeconds(NOON, seconds))).toBe(over)
  })
})
