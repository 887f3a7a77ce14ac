import { describe, expect, it } from '@jest/globals'
import { chained, type Fact, GENESIS, type LedgerEvent } from '../../lambdas/domain/ledger.ts'
import { signalsOf } from '../../lambdas/domain/signals.ts'
import { ASKED_AT, aRequest } from '../support/a-request.ts'

const { id: REQUEST } = aRequest()

/** A request's events, a minute apart. */
function aChain(
  ...facts: readonly (Pick<Fact, 'type' | 'details'> & Partial<Pick<Fact, 'actor'>>)[]
): readonly LedgerEvent[] {
  const events: LedgerEvent[] = []
  for (const fact of facts) {
    const at = new Date(ASKED_AT.getTime() + events.length * 60_000)
    events.push(chained(REQUEST, events.at(-1) ?? GENESIS, { actor: { service: 'test' }, ...fact, at }))
  }
  return events
}

function ofLast(events: readonly LedgerEvent[]) {
  const last = events.at(-1)
  if (!last) throw new RangeError('no event')
  return signalsOf(last, events)
}

const fact = (type: Fact['type'], details: Fact['details'] = {}) => ({ type, details })

describe('an event', () => {
  it.each([
    ['asked', {}, { RequestsAsked: 1 }],
    ['refused', {}, { RequestsAsked: 1 }],
    ['failed', {}, { RequestsFailed: 1 }],
    ['mail-failed', {}, { MailUnsent: 1 }],
    ['ended', { cause: 'external' }, { GrantsEndedOutside: 1 }],
    ['ended', { cause: 'expired' }, {}],
    ['activated', {}, {}],
  ] as const)('ANO-01 %s with %j is counted as %j', (type, details, signals) => {
    expect(ofLast(aChain(fact(type, details)))).toEqual(signals)
  })

  it('ANO-01 that decides is counted with the time since the ask, if people decided', () => {
    const by = { person: 'bob' }
    expect(ofLast(aChain(fact('asked'), fact('approvers-asked'), { ...fact('approved'), actor: by }))).toEqual({
      DecisionSeconds: 120,
    })
    expect(ofLast(aChain(fact('asked'), { ...fact('denied'), actor: by }))).toEqual({ DecisionSeconds: 60 })
    expect(ofLast(aChain(fact('asked'), fact('approved')))).toEqual({})
  })
})

describe('a chain', () => {
  const events = aChain(fact('asked'), fact('approvers-asked'), fact('activated'))
  const [first, second, third] = events
  if (!first || !second || !third) throw new RangeError('three events')

  it.each([
    ['an event is missing', [first, third]],
    ['an event was changed', [first, { ...second, type: 'decided' as const }, third]],
    ['an event is of another request', [first, { ...second, requestId: aRequest().id }, third]],
    ['the order is another', [second, first, third]],
  ])('ANO-02 counts as broken when %s, and not before', (_, broken) => {
    expect(signalsOf(third, broken)).toEqual({ ChainsBroken: 1 })
    expect(signalsOf(third, events)).toEqual({})
  })
})
