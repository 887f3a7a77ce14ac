import { describe, expect, it } from '@jest/globals'
import { durationWords, readerTimes } from '../../lambdas/pages/times.ts'

describe('readerTimes', () => {
  it.each([
    ['2027-03-01T11:00:37Z', 'Europe/Berlin', 'Mon 1 Mar 2027, 12:00 (Europe/Berlin) · 11:00 UTC'],
    ['2027-09-06T04:05:00Z', 'Europe/London', 'Mon 6 Sep 2027, 05:05 (Europe/London) · 04:05 UTC'],
    ['2027-03-01T11:00:00Z', 'UTC', 'Mon 1 Mar 2027, 11:00 UTC'],
    ['2027-02-28T23:30:00Z', 'Europe/Berlin', 'Mon 1 Mar 2027, 00:30 (Europe/Berlin) · Sun 28 Feb 2027, 23:30 UTC'],
    ['2027-01-01T00:00:00Z', 'Asia/Kolkata', 'Fri 1 Jan 2027, 05:30 (Asia/Kolkata) · 00:00 UTC'],
  ])('NOT-01 says %s for %s in the zone of the reader and in UTC', (instant, zone, expected) => {
    expect(readerTimes(new Date(instant), zone)).toBe(expected)
  })

  it('NOT-01 tells the two hours apart that a clock shows twice', () => {
    expect(readerTimes(new Date('2027-10-31T00:30:00Z'), 'Europe/Berlin')).toMatch(/02:30 .*00:30 UTC/)
    expect(readerTimes(new Date('2027-10-31T01:30:00Z'), 'Europe/Berlin')).toMatch(/02:30 .*01:30 UTC/)
  })

  it('NOT-01 says windows and receipts to the second', () => {
    expect(readerTimes(new Date('2027-03-01T11:30:37Z'), 'Europe/Berlin', 'second')).toBe(
      'Mon 1 Mar 2027, 12:30:37 (Europe/Berlin) · 11:30:37 UTC',
    )
  })

  it('NOT-01 refuses a zone that is none', () => {
    expect(() => readerTimes(new Date(0), 'Mars/Olympus')).toThrow(RangeError)
  })
})

describe('durationWords', () => {
  it.each([
    [1800, '30 minutes'],
    [60, '1 minute'],
    [3600, '1 hour'],
    [5400, '1 hour 30 minutes'],
    [90_000, '25 hours'],
    [61, '1 minute 1 second'],
    [0, '0 seconds'],
  ])('NOT-01 says %i seconds as %s', (seconds, expected) => {
    expect(durationWords(seconds)).toBe(expected)
  })
})
