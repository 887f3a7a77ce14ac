import { describe, expect, it } from '@jest/globals'
import type { AccessFile } from '../../../lambdas/domain/access-file.ts'
import type { BusinessSpan } from '../../../lambdas/domain/business-hours.ts'
import { type Found, judged } from '../../../lambdas/domain/findings/judged.ts'
import type { FindingSettings } from '../../../lambdas/domain/findings/settings.ts'
import type { TrackRecord } from '../../../lambdas/domain/findings/track-record.ts'
import { aHistory } from '../../support/a-history.ts'
import { anAccessFile, aPerson } from '../../support/an-access-file.ts'
import { anAsk, aRecord, many } from './an-occasion.ts'

const WEEK: BusinessSpan = { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '08:00', to: '18:00' }
const SATURDAY: BusinessSpan = { days: ['sat'], from: '10:00', to: '11:00' }
const NIGHT: BusinessSpan = { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '22:00', to: '06:00' }

interface House {
  readonly spans?: readonly BusinessSpan[]
  readonly zone?: string
  readonly holidays?: readonly string[]
  readonly settings?: FindingSettings['rules']
}

function house({ spans = [WEEK], zone, holidays = [], settings }: House = {}): AccessFile {
  const alice = aPerson({ id: 'alice', ...(zone !== undefined && { timezone: zone }) })
  return anAccessFile({
    people: [alice, aPerson({ id: 'bob' })],
    hours: { timezone: 'Europe/Berlin', spans, holidays },
    ...(settings && { findings: { rules: settings } }),
  })
}

/** Alice, who has asked twenty times a day ago, asks once more. */
function asks(at: string, access: AccessFile, known: Partial<TrackRecord> = {}) {
  const instant = new Date(at)
  const { request, events } = aHistory({ at: instant })
  const [event] = events
  if (!event) throw new Error('a request begins with an event')
  const before = many(20, () => anAsk({ at: new Date(instant.getTime() - 86_400_000) }))
  const { records, found } = judged(access, event, events, request, [aRecord({ asks: before, ...known })])
  return { record: records[0], detail: detailOf(found) }
}

function detailOf(found: readonly Found[]): string | undefined {
  return found.find(({ rule }) => rule === 'off-hours')?.occurrence.detail
}

describe('off-hours', () => {
  it('ANO-03 says when it was, on whose clock, and how often it was so before', () => {
    expect(asks('2027-03-03T02:00:00Z', house()).detail).toBe(
      'asked at 2027-03-03T02:00:00Z, off hours in Europe/Berlin; never before in 91 days',
    )
  })

  it.each([
    // Working time in Berlin is 08:00 to 18:00, with two hours of grace: 06:00 to 20:00.
    ['20:00 in Berlin', '2027-03-03T19:00:00Z', {}, true],
    ['19:59 in Berlin: within the grace', '2027-03-03T18:59:59Z', {}, false],
    ['05:59 in Berlin', '2027-03-03T04:59:59Z', {}, true],
    ['06:00 in Berlin', '2027-03-03T05:00:00Z', {}, false],
    ['noon on a Saturday', '2027-03-06T11:00:00Z', {}, true],
    ['noon on a holiday', '2027-03-03T11:00:00Z', { holidays: ['2027-03-03'] }, true],
    ['noon', '2027-03-03T11:00:00Z', {}, false],
    // Clocks went forward in Berlin on 28 March 2027 at 02:00, and go back on 31 October at 03:00.
    ['05:59 in summer', '2027-03-29T03:59:59Z', {}, true],
    ['06:00 in summer', '2027-03-29T04:00:00Z', {}, false],
    ['20:00 on the last Friday of winter', '2027-03-26T19:00:00Z', {}, true],
    ['19:59 on the Monday after the clocks went back', '2027-11-01T18:59:59Z', {}, false],
    ['20:00 on the Monday after the clocks went back', '2027-11-01T19:00:00Z', {}, true],
    // In the person's own zone: New York is in summer time from 14 March, two weeks before Berlin.
    ['22:00 in Berlin, which is 16:00 in New York', '2027-03-03T21:00:00Z', { zone: 'America/New_York' }, false],
    ['10:00 in Berlin, which is 04:00 in New York', '2027-03-03T09:00:00Z', { zone: 'America/New_York' }, true],
    [
      '06:00 in New York while only its clocks are forward',
      '2027-03-16T10:00:00Z',
      { zone: 'America/New_York' },
      false,
    ],
    ['05:59 in New York while only its clocks are forward', '2027-03-16T09:59:59Z', { zone: 'America/New_York' }, true],
    // The night shift of Monday ends on Tuesday at 06:00, that of Friday on Saturday.
    ['03:00 on Tuesday, with a night shift', '2027-03-02T02:00:00Z', { spans: [NIGHT] }, false],
    ['07:59 on Saturday, with a night shift', '2027-03-06T06:59:59Z', { spans: [NIGHT] }, false],
    ['08:01 on Saturday, with a night shift', '2027-03-06T07:01:00Z', { spans: [NIGHT] }, true],
    ['03:00 on Monday, with a night shift', '2027-03-01T02:00:00Z', { spans: [NIGHT] }, true],
    ['noon, with a night shift', '2027-03-03T11:00:00Z', { spans: [NIGHT] }, true],
    // Without the grace, and with more of it.
    [
      '18:30 with half an hour of grace',
      '2027-03-03T17:30:00Z',
      { settings: { 'off-hours': { graceSeconds: 1800 } } },
      true,
    ],
    [
      '21:59 with four hours of grace',
      '2027-03-03T20:59:59Z',
      { settings: { 'off-hours': { graceSeconds: 14_400 } } },
      false,
    ],
    // A span that is shorter than the grace is not stepped over.
    [
      '19:00 with twelve hours of grace, an hour after ten hours of work',
      '2027-03-03T18:00:00Z',
      { settings: { 'off-hours': { graceSeconds: 43_200 } } },
      false,
    ],
    ['half an hour after the one hour of a Saturday', '2027-03-06T10:30:00Z', { spans: [WEEK, SATURDAY] }, false],
    ['half an hour before it', '2027-03-06T08:30:00Z', { spans: [WEEK, SATURDAY] }, false],
    ['two hours after it', '2027-03-06T12:00:00Z', { spans: [WEEK, SATURDAY] }, true],
  ])('ANO-03 judges %s', (_, at, of: House, isFound) => {
    expect(asks(at, house(of)).detail !== undefined).toBe(isFound)
  })

  const night = '2027-03-03T02:00:00Z'

  it.each([
    ['who was there on a night of late', { offHours: [new Date('2027-02-20T23:00:00Z')] }],
    ['of whom this night is known already', { offHours: [new Date('2027-03-02T23:00:00Z')] }],
    ['who is hardly known', { asks: many(19, () => anAsk({ at: new Date('2027-03-01T10:00:00Z') })) }],
  ])('ANO-03 leaves somebody %s', (_, known) => {
    expect(asks(night, house(), known).detail).toBeUndefined()
  })

  it('ANO-03 finds somebody who was there more than 91 days ago, or on fewer nights than are set to be usual', () => {
    const access = house({ settings: { 'off-hours': { usual: 2 } } })
    const once = { offHours: [new Date('2027-02-20T23:00:00Z')] }
    const twice = { offHours: [new Date('2027-02-01T02:00:00Z'), ...once.offHours] }
    const longAgo = { offHours: [new Date('2026-11-01T02:00:00Z'), new Date('2026-11-20T02:00:00Z')] }

    expect(asks(night, access, once).detail).toContain('; once before in 91 days')
    expect(asks(night, access, twice).detail).toBeUndefined()
    expect(asks(night, house(), longAgo).detail).toContain('; never before')
  })

  it('ANO-03 keeps the night, so that it is found once', () => {
    const { record } = asks(night, house())

    expect(record?.offHours).toEqual([new Date(night)])
    expect(asks('2027-03-03T03:00:00Z', house(), { offHours: [new Date(night)] }).detail).toBeUndefined()
  })

  it('ANO-03 finds a grant that comes into force at night, and not again after an ask of that night', () => {
    const access = house()
    const begun = aHistory({ at: new Date('2027-03-02T17:00:00Z') }).approved({ afterSeconds: 4 * 3600 - 60 })
    const { request, events } = begun.activated()
    const event = events.at(-1)
    if (!event) throw new Error('there is an event')
    const record = aRecord({ asks: many(20, () => anAsk({ at: new Date('2027-03-01T10:00:00Z') })) })

    const { found } = judged(access, event, events, request, [record])
    const again = judged(access, event, events, request, [{ ...record, offHours: [new Date('2027-03-02T20:00:00Z')] }])

    expect(detailOf(found)).toMatch(/^had it come into force at 2027-03-02T20:59:\d\dZ, off hours in Europe\/Berlin/)
    expect(detailOf(again.found)).toBeUndefined()
  })

  it('ANO-03 says nothing where the organisation has named no hours', () => {
    const access = anAccessFile({ people: [aPerson({ id: 'alice' }), aPerson({ id: 'bob' })] })

    expect(asks(night, access)).toMatchObject({ detail: undefined })
    expect(asks(night, access).record?.offHours).toBeUndefined()
  })
})
