import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { Actor } from '../../lambdas/domain/actor.ts'
import { plusSeconds } from '../../lambdas/domain/instant.ts'
import {
  chained,
  EVENT_TYPES,
  eventHash,
  type Fact,
  GENESIS,
  type LedgerEvent,
  verifyChain,
} from '../../lambdas/domain/ledger.ts'
import { note } from '../../lambdas/domain/lifecycle.ts'
import { ASKED_AT, aBeginning } from '../support/a-request.ts'

const ID = '01JQ0000000000000000000000'
const OTHER_ID = '01JQ0000000000000000000001'
const DIGITS = '0123456789abcdef'

const $actor: fc.Arbitrary<Actor> = fc.oneof(
  fc.record({ person: fc.constantFrom('alice', 'bob') }),
  fc.record({ service: fc.constantFrom('applier', 'revoker') }),
)
const $fact: fc.Arbitrary<Fact> = fc.record({
  type: fc.constantFrom(...EVENT_TYPES),
  at: fc.integer({ min: 0, max: 1e6 }).map(seconds => plusSeconds(ASKED_AT, seconds)),
  actor: $actor,
  details: fc.dictionary(fc.string({ minLength: 1, maxLength: 4 }), fc.string({ maxLength: 6 }), { maxKeys: 3 }),
})
const $chain = fc.array($fact, { minLength: 1, maxLength: 8 }).map(facts => chainOf(facts))

describe('a chain of events', () => {
  it('AUD-02 counts from one, each event carrying the hash of the one before', () => {
    const [asked, decided, approved] = chainOf([aFact('asked'), aFact('decided'), aFact('approved')])

    expect([asked?.sequence, decided?.sequence, approved?.sequence]).toEqual([1, 2, 3])
    expect(asked?.previousHash).toBe('0'.repeat(64))
    expect(decided?.previousHash).toBe(asked?.hash)
    expect(approved?.previousHash).toBe(decided?.hash)
  })

  it('AUD-02 is intact as it was written, and gives its head', () => {
    fc.assert(
      fc.property($chain, events => {
        const last = events.at(-1)

        expect(verifyChain(ID, events)).toEqual({
          outcome: 'intact',
          head: { sequence: events.length, hash: last?.hash },
        })
      }),
    )
  })

  it('AUD-02 of no events is intact with the head nothing follows', () => {
    expect(verifyChain(ID, [])).toEqual({ outcome: 'intact', head: GENESIS })
  })

  it('AUD-02 the hash covers every field of an event but itself', () => {
    const event = chained(ID, GENESIS, aFact('asked'))
    const changes: Record<Exclude<keyof LedgerEvent, 'hash'>, Partial<LedgerEvent>> = {
      requestId: { requestId: OTHER_ID },
      sequence: { sequence: 2 },
      type: { type: 'refused' },
      at: { at: plusSeconds(event.at, 1) },
      actor: { actor: { service: 'alice' } },
      details: { details: { ...event.details, reason: 'another' } },
      previousHash: { previousHash: event.hash },
    }

    const hashes = Object.values(changes).map(change => eventHash({ ...event, ...change }))

    expect(new Set([event.hash, ...hashes]).size).toBe(8)
  })
})

describe('verifyChain', () => {
  it('AUD-02 FI-19: finds one changed field of one event, in 1,000 random tamperings, and names the sequence', () => {
    fc.assert(
      fc.property($chain, fc.nat(), fc.nat(), $fact, (events, where, which, fact) => {
        const index = where % events.length
        const event = at(events, index)
        const changes: readonly Partial<LedgerEvent>[] = [
          { requestId: OTHER_ID },
          { sequence: event.sequence + 1 },
          { type: event.type === 'asked' ? 'failed' : 'asked' },
          { at: plusSeconds(event.at, 1) },
          { at: plusSeconds(event.at, -1) },
          { actor: { person: 'mallory' } },
          { details: { ...fact.details, tampered: true } },
          { previousHash: otherHash(event.previousHash, which) },
          { hash: otherHash(event.hash, which) },
        ]
        const tampered = events.with(index, { ...event, ...at(changes, which % changes.length) })

        expect(verifyChain(ID, tampered)).toMatchObject({ outcome: 'broken', sequence: index + 1 })
      }),
      { numRuns: 1000 },
    )
  })

  it('AUD-02 finds an event written anew with a hash that fits it, unless it is the last, whose head then differs', () => {
    fc.assert(
      fc.property($chain, fc.nat(), (events, where) => {
        const index = where % events.length
        const { hash: _, ...event } = at(events, index)
        const forged = { ...event, details: { ...event.details, tampered: true } }
        const verdict = verifyChain(ID, events.with(index, { ...forged, hash: eventHash(forged) }))

        if (index + 1 < events.length) expect(verdict).toMatchObject({ outcome: 'broken', sequence: index + 2 })
        else expect(verdict).not.toEqual({ outcome: 'intact', head: headOf(events) })
      }),
      { numRuns: 1000 },
    )
  })

  it('AUD-02 FI-19: finds a removed event, in 1,000 random tamperings, and names the sequence that is missing', () => {
    const $longer = $chain.filter(({ length }) => length > 1)
    fc.assert(
      fc.property($longer, fc.nat(), (events, where) => {
        const index = where % (events.length - 1)

        expect(verifyChain(ID, events.toSpliced(index, 1))).toEqual({
          outcome: 'broken',
          sequence: index + 1,
          detail: `event ${index + 1} is missing; ${index + 2} stands in its place`,
        })
      }),
      { numRuns: 1000 },
    )
  })

  it('AUD-02 finds a removed event although the others were counted anew', () => {
    const events = chainOf([aFact('asked'), aFact('decided'), aFact('approved')])
    const recounted = events.toSpliced(1, 1).map((event, index) => ({ ...event, sequence: index + 1 }))

    expect(verifyChain(ID, recounted)).toMatchObject({ outcome: 'broken', sequence: 2 })
  })

  it('AUD-02 FI-19: finds any other order, in 1,000 random tamperings, at the first event out of place', () => {
    const $reordered = $chain
      .filter(({ length }) => length > 1)
      .chain(events => fc.tuple(fc.constant(events), fc.shuffledSubarray([...events], { minLength: events.length })))
      .filter(([events, reordered]) => reordered.some((event, index) => event !== events[index]))
    fc.assert(
      fc.property($reordered, ([events, reordered]) => {
        const first = reordered.findIndex((event, index) => event !== events[index])

        expect(verifyChain(ID, reordered)).toMatchObject({ outcome: 'broken', sequence: first + 1 })
      }),
      { numRuns: 1000 },
    )
  })

  it('AUD-02 FI-19: finds an event put between, in 1,000 random tamperings', () => {
    fc.assert(
      fc.property($chain, fc.nat(), $fact, (events, where, fact) => {
        const index = where % events.length
        const before = index === 0 ? GENESIS : headOf(events.slice(0, index))
        const forged = chained(ID, before, { ...fact, details: { ...fact.details, forged: true } })

        expect(verifyChain(ID, events.toSpliced(index, 0, forged))).toMatchObject({
          outcome: 'broken',
          sequence: index + 2,
        })
      }),
      { numRuns: 1000 },
    )
  })

  it('AUD-02 finds an event written twice', () => {
    const [asked] = chainOf([aFact('asked')])

    expect(
      verifyChain(
        ID,
        [asked, asked].flatMap(event => event ?? []),
      ),
    ).toMatchObject({ outcome: 'broken', sequence: 2 })
  })

  it('AUD-02 finds a chain that is another request’s, whole as it is', () => {
    const events = chainOf([aFact('asked'), aFact('denied')])

    expect(verifyChain(OTHER_ID, events)).toEqual({
      outcome: 'broken',
      sequence: 1,
      detail: `event 1 belongs to ${ID}`,
    })
  })

  it('AUD-02 cannot see a cut tail, but the head it gives is not the one the request keeps', () => {
    const { to: pending, event: first } = aBeginning()
    const reminded = note(pending, { ...aFact('approvers-reminded'), type: 'approvers-reminded' })
    const voided = note(reminded.to, { ...aFact('link-voided'), type: 'link-voided' })
    const { id, lastEvent } = voided.to

    const whole = verifyChain(id, [first, reminded.event, voided.event])
    const cut = verifyChain(id, [first, reminded.event])

    expect(whole).toEqual({ outcome: 'intact', head: lastEvent })
    expect(cut).toEqual({ outcome: 'intact', head: reminded.to.lastEvent })
    expect(reminded.to.lastEvent).not.toEqual(lastEvent)
  })

  it('AUD-02 every cut tail gives a head that is shorter than the whole, in random chains', () => {
    fc.assert(
      fc.property($chain, fc.nat(), (events, where) => {
        const cut = events.slice(0, where % events.length)

        expect(verifyChain(ID, cut)).toEqual({ outcome: 'intact', head: headOf(cut) })
        expect(headOf(cut).hash).not.toBe(headOf(events).hash)
      }),
    )
  })
})

function chainOf(facts: readonly Fact[]): readonly LedgerEvent[] {
  const events: LedgerEvent[] = []
  for (const fact of facts) events.push(chained(ID, headOf(events), fact))
  return events
}

function aFact(type: Fact['type']): Fact {
  return { type, at: ASKED_AT, actor: { person: 'alice' }, details: { reason: 'because' } }
}

function headOf(events: readonly LedgerEvent[]) {
  const last = events.at(-1)
  return last ? { sequence: last.sequence, hash: last.hash } : GENESIS
}

/** The hash with one of its digits changed. */
function otherHash(hash: string, which: number): string {
  const index = which % hash.length
  const digit = DIGITS.charAt((DIGITS.indexOf(hash.charAt(index)) + 1) % DIGITS.length)
  return hash.slice(0, index) + digit + hash.slice(index + 1)
}

function at<T>(list: readonly T[], index: number): T {
  const item = list[index]
  if (item === undefined) throw new Error(`there is no item ${index}`)
  return item
}
