import { describe, expect, it } from '@jest/globals'
import { DRIFT, drift } from '../../../lambdas/domain/findings/drift.ts'
import { FIRST_TIME, firstTime } from '../../../lambdas/domain/findings/first-time.ts'
import { INELIGIBLE_PROBING, ineligibleProbing } from '../../../lambdas/domain/findings/ineligible-probing.ts'
import { LONG_LIVED, longLived } from '../../../lambdas/domain/findings/long-lived.ts'
import { OUTSIDE_WINDOW, outsideWindow } from '../../../lambdas/domain/findings/outside-window.ts'
import { REPEATED_DENIAL, repeatedDenial } from '../../../lambdas/domain/findings/repeated-denial.ts'
import { REQUEST_SPIKE, requestSpike } from '../../../lambdas/domain/findings/request-spike.ts'
import { SERIAL_EXTENSION, serialExtension } from '../../../lambdas/domain/findings/serial-extension.ts'
import type { KnownAsk } from '../../../lambdas/domain/findings/track-record.ts'
import { UNUSED_GRANT, unusedGrant } from '../../../lambdas/domain/findings/unused-grant.ts'
import { anAccessFile, anEntitlement, aPerson } from '../../support/an-access-file.ts'
import { ago, anAsk, anOccasion, many, NOW } from './an-occasion.ts'

const access = anAccessFile({
  timezone: 'Europe/Berlin',
  entitlements: [
    anEntitlement({ id: 'logs-read', risk: 'low' }),
    anEntitlement({ id: 'orders-write', risk: 'medium' }),
    anEntitlement({ id: 'prod-admin', risk: 'high' }),
  ],
})

describe('request-spike', () => {
  const said = (today: number, usual: readonly number[]) => {
    const before = usual.flatMap((count, day) => many(count, () => anAsk({ at: ago(usual.length - day) })))
    const record = { asks: [...before, ...many(today, each => anAsk({ at: ago((today - each) / 1000) }))] }
    return requestSpike(anOccasion({ record, access }), REQUEST_SPIKE)
  }

  it.each([
    ['twelve asks where three a day are usual', 12, [3, 3, 3, 3, 3], 'asked 12 times on 3 March; 3.0 a day is usual'],
    ['forty asks where nine a day are usual', 40, [9, 9, 9, 9, 9], 'asked 40 times on 3 March; 9.0 a day is usual'],
    ['twenty asks of somebody new', 20, [], 'asked 20 times on 3 March; 5.0 a day is usual'],
    ['eleven asks where one a day is usual: too few', 11, [1, 1, 1, 1, 1], undefined],
    ['twelve asks where more than three a day are usual', 12, [3, 3, 3, 3, 4], undefined],
    ['nineteen asks of somebody new', 19, [], undefined],
    ['an ordinary day', 3, [3, 2, 4, 3, 2], undefined],
  ])('ANO-03 finds %s, or does not', (_, today, usual, detail) => {
    expect(said(today, usual)).toBe(detail)
  })

  it('ANO-03 does not add the asks of last night to those of today', () => {
    const known = many(5, day => anAsk({ at: ago(day + 2) }))
    const lastNight = anAsk({ at: ago(13 / 24) })
    const asks = [...known, lastNight, ...many(11, each => anAsk({ at: ago((11 - each) / 1000) }))]

    expect(requestSpike(anOccasion({ record: { asks }, access }), REQUEST_SPIKE)).toBeUndefined()
  })

  it('ANO-03 counts days as the person has them: before midnight in Tokyo was yesterday', () => {
    const midnight = new Date('2027-03-02T15:00:00Z')
    const asks = many(12, each => anAsk({ at: new Date(midnight.getTime() + (each - 6) * 60_000) }))
    const known = many(5, day => anAsk({ at: ago(day + 3) }))
    const said = (timezone: string) => {
      const people = { alice: aPerson({ id: 'alice', timezone }) }
      const fact = { at: new Date(midnight.getTime() + 300_000) }
      const occasion = anOccasion({ fact, record: { asks: [...known, ...asks] }, access: { ...access, people } })
      return requestSpike(occasion, REQUEST_SPIKE)
    }

    expect(said('Asia/Tokyo')).toBeUndefined()
    expect(said('Europe/Berlin')).toBe('asked 12 times on 2 March; 1.0 a day is usual')
  })
})

describe('first-time', () => {
  const usual = many(20, each => anAsk({ at: ago(20 - each / 2) }))
  const said = (entitlement: string, asks: readonly KnownAsk[], since = ago(20), had = {}) => {
    const record = { asks: [...asks, anAsk({ requestId: 'ask', entitlement })], since, had }
    return firstTime(anOccasion({ request: { entitlement }, record, access }), FIRST_TIME)
  }

  it('ANO-03 finds something risky that a person never had', () => {
    expect(said('prod-admin', usual)).toBe(
      'asked for prod-admin, of high risk or more, for the first time; 20 asks of late were for other things',
    )
  })

  it.each([
    ['of less risk', said('orders-write', usual)],
    ['that the access file does not have', said('constructor', usual)],
    ['had long ago', said('prod-admin', usual, ago(200), { 'prod-admin': ago(100) })],
    ['asked for of late', said('prod-admin', [...usual, anAsk({ entitlement: 'prod-admin', at: ago(1) })])],
    ['of somebody who asked 19 times', said('prod-admin', usual.slice(1))],
    ['of somebody known for less than 14 days', said('prod-admin', usual, ago(13.9))],
  ])('ANO-03 leaves what is %s', (_, detail) => {
    expect(detail).toBeUndefined()
  })

  it('ANO-03 does not count what was refused, neither as known nor as history', () => {
    const refused = anAsk({ entitlement: 'prod-admin', outcome: 'refused', at: ago(1) })

    expect(said('prod-admin', [...usual, refused])).toContain('for the first time')
    expect(said('prod-admin', [...usual.slice(1), refused])).toBeUndefined()
  })
})

describe('repeated-denial', () => {
  const said = (denied: readonly number[], others = 0, outcome: KnownAsk['outcome'] = 'ended') => {
    const denials = denied.map(days => anAsk({ outcome: 'denied', at: ago(days), entitlement: 'prod-admin' }))
    const asks = [...denials, ...many(others, () => anAsk({ at: ago(1), outcome }))]
    return repeatedDenial(anOccasion({ fact: { type: 'denied' }, record: { asks }, access }), REPEATED_DENIAL)
  }

  it.each([
    ['three denials within seven days', [6.9, 3, 0], 0, 'denied 3 of 3 times within 7 days: prod-admin'],
    ['three denials of twelve asks', [5, 3, 0], 9, 'denied 3 of 12 times within 7 days: prod-admin'],
    ['two denials', [3, 0], 0, undefined],
    ['a third denial seven days ago', [7, 3, 0], 0, undefined],
    ['three denials of thirteen asks', [5, 3, 0], 10, undefined],
  ])('ANO-03 finds %s, or does not', (_, denied, others, detail) => {
    expect(said(denied, others)).toBe(detail)
  })

  it.each(['refused', 'other', 'asked'] as const)('ANO-03 is not hidden among asks that are %s', outcome => {
    expect(said([5, 3, 0], 100, outcome)).toBe('denied 3 of 3 times within 7 days: prod-admin')
  })
})

describe('ineligible-probing', () => {
  const said = (tried: readonly string[], code: KnownAsk['code'] = 'not-eligible', at = ago(0.5)) => {
    const asks = tried.map((entitlement, each) =>
      anAsk({ entitlement, outcome: 'refused', code, at, ...(each === tried.length - 1 && { requestId: 'ask' }) }),
    )
    const fact = { type: 'refused', details: { code } } as const
    return ineligibleProbing(anOccasion({ fact, record: { asks }, access }), INELIGIBLE_PROBING)
  }

  it('ANO-03 finds five refusals for three entitlements, and those that do not exist', () => {
    const detail = 'refused 5 times within one day for 3 entitlements the person may not ask for: a, b, c'

    expect(said(['a', 'b', 'c', 'a', 'b'])).toBe(detail)
    expect(said(['a', 'b', 'c', 'a', 'b'], 'unknown-entitlement')).toBe(detail)
  })

  it.each([
    ['four refusals', said(['a', 'b', 'c', 'd'])],
    ['five refusals for two entitlements', said(['a', 'b', 'a', 'b', 'a'])],
    ['refusals for another reason', said(['a', 'b', 'c', 'd', 'e'], 'duration-too-long')],
    ['refusals of the day before', said(['a', 'b', 'c', 'd', 'e'], 'not-eligible', ago(1.01))],
  ])('ANO-03 leaves %s', (_, detail) => {
    expect(detail).toBeUndefined()
  })
})

describe('unused-grant', () => {
  const said = (uses: readonly (boolean | undefined)[], last: boolean | 'nobody knows' = true) => {
    const asks = uses.map((isUnused, each) => anAsk({ at: ago(9 - each), isUnused }))
    const record = {
      asks: [...asks, anAsk({ requestId: 'ask', isUnused: last === 'nobody knows' ? undefined : last })],
    }
    return unusedGrant(anOccasion({ fact: { type: 'books-closed' }, record, access }), UNUSED_GRANT)
  }

  it.each([
    [
      'five of the last six unused',
      said([true, true, false, true, true]),
      'did not use 5 of the last 6 grants of logs-read',
    ],
    [
      'some of which nobody can say, among them',
      said([true, undefined, true, false, true, undefined, true]),
      'did not use 5 of the last 6 grants of logs-read',
    ],
    ['four of six', said([true, false, false, true, true]), undefined],
    ['five of five: too few to say', said([true, true, true, true]), undefined],
    ['the last one used', said([true, true, true, true, true], false), undefined],
    ['the last one of which nobody can say', said([true, true, true, true, true, true], 'nobody knows'), undefined],
  ])('ANO-03 finds %s, or does not', (_, said, detail) => {
    expect(said).toBe(detail)
  })
})

describe('serial-extension', () => {
  const said = (chain: readonly Partial<KnownAsk>[]) => {
    const asks = [anAsk({ requestId: 'first', at: ago(6.5) }), ...chain.map(anAsk)]
    return serialExtension(anOccasion({ record: { asks }, access }), SERIAL_EXTENSION)
  }
  const second = { requestId: 'second', extends: 'first', at: ago(6) }
  const third = { requestId: 'third', extends: 'second', at: ago(1) }
  const last = { requestId: 'ask', extends: 'third' }

  it('ANO-03 finds a grant prolonged three times within a week', () => {
    expect(said([second, third, last])).toBe('prolonged logs-read 3 times within 7 days')
  })

  it.each([
    ['a grant prolonged twice', said([{ ...third, extends: 'first' }, last])],
    ['three extensions of three grants', said([second, { ...third, extends: 'other' }, last])],
    ['a chain with a refused one', said([second, { ...third, outcome: 'refused' }, last])],
    ['a chain that began more than a week ago', said([{ ...second, at: ago(7.1) }, third, last])],
    ['a new ask', said([second, third, { requestId: 'ask' }])],
  ])('ANO-03 leaves %s', (_, detail) => {
    expect(detail).toBeUndefined()
  })

  it('ANO-03 follows a chain that bites its tail no more than once round', () => {
    expect(said([{ ...second, extends: 'ask' }, third, last])).toBe('prolonged logs-read 3 times within 7 days')
  })
})

describe('long-lived', () => {
  const said = (days: readonly number[], entitlement = 'orders-write') => {
    const asks = days.map(day => anAsk({ entitlement, startedAt: ago(day), at: ago(day) }))
    const last = anAsk({ requestId: 'ask', entitlement, startedAt: NOW })
    const occasion = {
      fact: { type: 'activated' },
      request: { entitlement },
      record: { asks: [...asks, last] },
    } as const
    return longLived(anOccasion({ ...occasion, access }), LONG_LIVED)
  }
  const earlier = (count: number) => many(count, each => count - each)

  it('ANO-03 finds a right that was there on twenty of 28 days, on the day it is so', () => {
    expect(said(earlier(19))).toBe('had orders-write in force on 20 of the last 28 days')
  })

  it.each([
    ['nineteen days', said(earlier(18))],
    ['twenty days when it was so yesterday', said(earlier(20))],
    ['a second grant on the twentieth day', said([...earlier(19), 0.01])],
    ['twenty grants on nineteen days', said([18.01, ...earlier(18)])],
    ['days more than 28 days ago', said([28.5, ...earlier(18)])],
    ['an entitlement of low risk', said(earlier(19), 'logs-read')],
  ])('ANO-03 leaves %s', (_, detail) => {
    expect(detail).toBeUndefined()
  })
})

describe('outside-window and drift', () => {
  it.each([
    [1, 'did one action of logs-read outside the window of the grant'],
    [3, 'did 3 actions of logs-read outside the window of the grant'],
    [0, undefined],
    [undefined, undefined],
  ])('AUD-05 finds %p violations of closed books', (violations, detail) => {
    const fact = { type: 'books-closed', details: { violations } } as const
    expect(outsideWindow(anOccasion({ fact }), OUTSIDE_WINDOW)).toBe(detail)
  })

  it('ANO-02 finds a grant that somebody else attached or ended, and no other end', () => {
    const attached = { type: 'drift-removed', details: { from: ['user/mallory'] } } as const
    const ended = (cause: string) => ({ fact: { type: 'ended', details: { cause } } }) as const

    expect(drift(anOccasion({ fact: attached }), DRIFT)).toBe(
      'the policy of the grant of logs-read was attached to user/mallory, and was taken away there',
    )
    expect(drift(anOccasion(ended('external')), DRIFT)).toBe('the grant of logs-read was ended by somebody else')
    expect(drift(anOccasion(ended('expired')), DRIFT)).toBeUndefined()
    expect(drift(anOccasion(ended('revoked')), DRIFT)).toBeUndefined()
  })
})
