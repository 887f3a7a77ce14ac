import { describe, expect, it } from '@jest/globals'
import { ALWAYS_APPROVES, alwaysApproves } from '../../../lambdas/domain/findings/always-approves.ts'
import { BULK_DECISIONS, bulkDecisions } from '../../../lambdas/domain/findings/bulk-decisions.ts'
import { ONE_PLACE, onePlace } from '../../../lambdas/domain/findings/one-place.ts'
import { QUICK_DECISIONS, quickDecisions } from '../../../lambdas/domain/findings/quick-decisions.ts'
import { SAME_PAIR, samePair } from '../../../lambdas/domain/findings/same-pair.ts'
import { anAccessFile } from '../../support/an-access-file.ts'
import { ago, aKnownDecision, anAsk, anOccasion, many } from './an-occasion.ts'

const approval = { type: 'approved', actor: { person: 'bob' }, details: { decision: 'approve' } } as const
const ownDecision = { requestId: 'ask', sequence: 1 }

describe('quick-decisions', () => {
  const said = (quick: number, slow: number, last = 15, at = ago(1)) => {
    const decisions = [
      ...many(quick, () => aKnownDecision({ at, afterSeconds: 15 })),
      ...many(slow, () => aKnownDecision({ at, afterSeconds: 16 })),
      aKnownDecision({ ...ownDecision, afterSeconds: last }),
    ]
    return quickDecisions(anOccasion({ fact: approval, record: { subject: 'bob', decisions } }), QUICK_DECISIONS)
  }

  it.each([
    [
      'five approvals within 15 seconds',
      said(4, 0),
      'approved 5 of 5 requests within 15 seconds of being asked, in seven days',
    ],
    ['five of 24', said(4, 19), 'approved 5 of 24 requests within 15 seconds of being asked, in seven days'],
    ['four', said(3, 0), undefined],
    ['five of 25: a fifth is let pass', said(4, 20), undefined],
    ['five, and then one that took 16 seconds', said(5, 0, 16), undefined],
    ['four of them more than seven days ago', said(4, 0, 15, ago(7.1)), undefined],
  ])('ANO-04 finds %s, or does not', (_, said, detail) => {
    expect(said).toBe(detail)
  })

  it('ANO-04 does not hold a quick denial against anybody', () => {
    const denials = many(5, () => aKnownDecision({ afterSeconds: 2, decision: 'deny' }))
    const decisions = [...denials, aKnownDecision({ ...ownDecision, afterSeconds: 2, decision: 'deny' })]

    expect(quickDecisions(anOccasion({ fact: approval, record: { decisions } }), QUICK_DECISIONS)).toBeUndefined()
  })
})

describe('always-approves', () => {
  const said = (earlier: number, { deniedAt, from = 80 }: { deniedAt?: Date; from?: number } = {}) => {
    const before = many(earlier, each => aKnownDecision({ at: ago(from - each / 2) }))
    const denied = { ...(deniedAt && { deniedAt }) }
    const record = { decisions: [...before, aKnownDecision(ownDecision)], ...denied }
    return alwaysApproves(
      anOccasion({ fact: approval, record, before: { decisions: before, ...denied } }),
      ALWAYS_APPROVES,
    )
  }

  it.each([
    [
      'a hundred decisions without a denial',
      said(99),
      'approved each of at least 100 requests decided on within 91 days',
    ],
    [
      'a denial that is 91 days old',
      said(99, { deniedAt: ago(91) }),
      'approved each of at least 100 requests decided on within 91 days',
    ],
    ['ninety-nine', said(98), undefined],
    ['what was so at the decision before', said(100), undefined],
    ['a denial of the day before, however many decisions ago', said(99, { deniedAt: ago(1) }), undefined],
    ['a denial that is not yet 91 days old', said(99, { deniedAt: ago(90.9) }), undefined],
    ['a decision that is too old to count', said(99, { from: 91.1 }), undefined],
  ])('ANO-04 finds %s, or does not', (_, said, detail) => {
    expect(said).toBe(detail)
  })
})

describe('bulk-decisions', () => {
  const said = (seconds: readonly number[]) => {
    const decisions = seconds.map(each =>
      aKnownDecision({ at: ago(each / 86_400), decision: each % 2 ? 'approve' : 'deny' }),
    )
    return bulkDecisions(anOccasion({ fact: approval, record: { decisions } }), BULK_DECISIONS)
  }

  it.each([
    [
      'eight decisions within five minutes',
      said([299, 250, 200, 150, 100, 50, 10, 0]),
      'decided on 8 requests within 5 minutes',
    ],
    ['seven', said([250, 200, 150, 100, 50, 10, 0]), undefined],
    ['eight within five minutes and a second', said([300, 250, 200, 150, 100, 50, 10, 0]), undefined],
  ])('ANO-04 finds %s, or does not', (_, said, detail) => {
    expect(said).toBe(detail)
  })
})

describe('same-pair', () => {
  const said = (byBob: number, byCarol: number, own: readonly string[] | undefined = ['bob']) => {
    const by = (approver: string, days: number) => (each: number) =>
      anAsk({ at: ago(days - each / 100), approvedBy: [approver] })
    const asks = [...many(byCarol, by('carol', 20)), ...many(byBob, by('bob', 10)), anAsk({ at: ago(1) })]
    const record = { asks: [...asks, anAsk({ requestId: 'ask', ...(own && { approvedBy: own }) })] }
    return samePair(anOccasion({ fact: approval, record, before: { asks } }), SAME_PAIR)
  }
  const detail = (count: number, of: number) =>
    `approved ${count} of the last ${of} requests of alice, each of which others were asked about too`

  it.each([
    ['fifteen approvals by one of several', said(14, 0), detail(15, 15)],
    ['eighteen of twenty', said(17, 2), detail(18, 20)],
    ['fourteen', said(13, 0), undefined],
    ['seventeen of twenty', said(16, 3), undefined],
    ['what was so at the approval before', said(15, 0), undefined],
    ['an approval where nobody else was asked', said(20, 0, []), undefined],
  ])('ANO-04 finds %s, or does not', (_, said, expected) => {
    expect(said).toBe(expected)
  })

  it('ANO-04 finds a pair that others came before, when the last thirty show it', () => {
    expect(said(26, 60)).toBe(detail(27, 30))
  })
})

describe('one-place', () => {
  const said = (
    from: string | undefined,
    asked: string | undefined,
    seen: { readonly from?: string } = {},
    offices?: readonly string[],
  ) => {
    const access = { ...anAccessFile(), ...(offices && { findings: { offices } }) }
    const fact = { ...approval, details: { decision: 'approve', from } } as const
    const decisions = [
      aKnownDecision({ at: ago(1), ...seen }),
      aKnownDecision({ ...ownDecision, ...(from && { from }) }),
    ]
    const record = { subject: 'bob', decisions }
    return onePlace(anOccasion({ access, fact, events: [{ details: { from: asked } }], record }), ONE_PLACE)
  }
  const home = '198.51.100.7'

  it('ANO-04 finds an approval from where the request was asked, where the approver was never seen', () => {
    const detail = `approved from ${home}, where the request was asked from and where bob was not seen before`

    expect(said(home, home)).toBe(detail)
    expect(said(home, home, {}, ['203.0.113.0/24'])).toBe(detail)
  })

  it.each([
    ['another address', said(home, '198.51.100.8')],
    ['an address where the approver decided before', said(home, home, { from: home })],
    ['an office', said(home, home, {}, ['203.0.113.0/24', '198.51.100.0/24'])],
    ['addresses nobody noted', said(undefined, undefined)],
  ])('ANO-04 leaves %s', (_, detail) => {
    expect(detail).toBeUndefined()
  })

  it('ANO-04 leaves an address from which the approver asks, and a denial', () => {
    const events = [{ details: { from: home } }]
    const fact = { ...approval, details: { decision: 'approve', from: home } } as const
    const asks = [anAsk({ from: home, at: ago(3) })]
    const denial = { ...fact, details: { decision: 'deny', from: home } }

    expect(onePlace(anOccasion({ fact, events, record: { asks } }), ONE_PLACE)).toBeUndefined()
    expect(onePlace(anOccasion({ fact: denial, events }), ONE_PLACE)).toBeUndefined()
    expect(onePlace(anOccasion({ fact, events }), ONE_PLACE)).toContain(home)
  })
})
