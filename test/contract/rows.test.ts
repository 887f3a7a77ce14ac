import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { eventKey, idempotencyKey, linkKey, requestKey, taskTokenKey } from '../../lambdas/contract/keys.ts'
import { eventRow, readEvent, readRequest, requestRow } from '../../lambdas/contract/rows.ts'
import { StoredShapeError } from '../../lambdas/domain/errors.ts'
import { wholeSeconds } from '../../lambdas/domain/instant.ts'
import { chained, EVENT_TYPES, GENESIS } from '../../lambdas/domain/ledger.ts'
import { STATUSES } from '../../lambdas/domain/request.ts'
import { ASKED_AT, aRequestIn } from '../support/a-request.ts'
import { aSession } from '../support/a-role.ts'
import { chance } from '../support/an-access-file.ts'

const seed = chance.below(2 ** 31)
const $text = fc.string({ unit: 'grapheme', maxLength: 40 })
const $request = fc
  .record({
    status: fc.constantFrom(...STATUSES),
    reason: $text,
    ticket: fc.option($text, { nil: undefined }),
    parameters: fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), $text),
    earliestStart: fc.option(fc.constant(new Date('2027-03-05T10:00:00Z')), { nil: undefined }),
  })
  .map(({ status, reason, ticket, parameters, earliestStart }) =>
    aRequestIn(status, {
      reason,
      parameters,
      ...(ticket !== undefined && { ticket }),
      ...(earliestStart && { earliestStart }),
    }),
  )

/** What is left of a value after it was JSON, as DynamoDB leaves it. */
const stored = (row: object): Record<string, unknown> => JSON.parse(JSON.stringify(row))

describe('the row of a request', () => {
  it('AUD-01 read back is the request', () => {
    fc.assert(
      fc.property($request, request => {
        expect(readRequest(stored(requestRow(request)))).toEqual(request)
      }),
      { seed, numRuns: 300 },
    )
  })

  it('GRA-03 keeps the session of a role, and that of the version before is read without one', () => {
    const ofRole = aRequestIn('ACTIVE', { principal: aSession('AROADEVELOPER', 'alice', 'alice.aoki') })
    const ofUser = stored(requestRow(aRequestIn('ACTIVE')))

    expect(readRequest(stored(requestRow(ofRole)))).toEqual(ofRole)
    expect(ofUser).toMatchObject({ principal: { arn: expect.any(String), uniqueId: expect.any(String) } })
    expect(Object.keys(Object(ofUser.principal))).toEqual(['arn', 'uniqueId'])
    expect(readRequest(ofUser).principal.session).toBeUndefined()
    const wrong = { ...ofUser, principal: { arn: 'a', uniqueId: 'b', session: 'alice' } }
    expect(() => readRequest(wrong)).toThrow(StoredShapeError)
  })

  it('AUD-04 keeps when its books were closed, and is in the index until then', () => {
    const ended = aRequestIn('ENDED')
    const closed = { ...ended, books: { closedAt: ASKED_AT, hash: 'a'.repeat(64) } }

    expect(requestRow(ended)).toMatchObject({ open: 'BOOKS' })
    expect(requestRow(closed)).not.toHaveProperty('open')
    expect(readRequest(stored(requestRow(closed)))).toEqual(closed)
    expect(requestRow(aRequestIn('ACTIVE'))).toMatchObject({ open: 'OPEN' })
    expect(requestRow(aRequestIn('DENIED'))).not.toHaveProperty('open')
  })

  it('AUD-01 keeps whole seconds', () => {
    const at = new Date(ASKED_AT.getTime() + 999)

    expect(readRequest(stored(requestRow(aRequestIn('PENDING', { at })))).askedAt).toEqual(wholeSeconds(at))
  })

  it('REQ-08 carries its key, its kind and its month', () => {
    const request = aRequestIn('ENDED')

    expect(requestRow(request)).toMatchObject({
      ...requestKey(request.id),
      kind: 'request',
      month: '2027-03',
      status: 'ENDED',
    })
  })

  it('AUD-07 of a wrong shape is refused with its key and its members, never with a value', () => {
    const row = stored(requestRow(aRequestIn('ENDED', { reason: 'the secret reason' })))
    for (const member of Object.keys(row).filter(
      name => !['pk', 'sk', 'kind', 'month', 'open', 'ticket', 'grant', 'ending', 'earliestStart'].includes(name),
    )) {
      const { [member]: _, ...without } = row
      for (const wrong of [without, { ...row, [member]: ['the wrong value'] }]) {
        expect(() => readRequest(wrong)).toThrow(StoredShapeError)
        const message = messageOf(() => readRequest(wrong))
        expect(message).toContain(`REQUEST#${String(row.id)}`)
        expect(message).toContain(member)
        expect(message).not.toMatch(/secret reason|wrong value/)
      }
    }
  })

  it.each([undefined, null, 'x', 5, [], {}])('AUD-07 that is %j is refused', row => {
    expect(() => readRequest(row)).toThrow(StoredShapeError)
    expect(() => readEvent(row)).toThrow(StoredShapeError)
  })

  it('AUD-01 with an instant of another spelling is refused', () => {
    const row = stored(requestRow(aRequestIn('PENDING')))

    for (const askedAt of ['2027-03-01', '2027-03-01T10:00:00.000Z', '2027-03-01T10:00:00+01:00', 1_800_000_000]) {
      expect(() => readRequest({ ...row, askedAt })).toThrow(StoredShapeError)
    }
  })
})

describe('the row of an event', () => {
  const $details = fc.dictionary(
    fc.stringMatching(/^[a-z]{1,8}$/),
    fc.oneof($text, fc.integer(), fc.boolean(), fc.array($text)),
  )

  it('AUD-02 read back is the event, with the hash it was written with', () => {
    fc.assert(
      fc.property(fc.constantFrom(...EVENT_TYPES), $details, fc.boolean(), (type, details, isPerson) => {
        const actor = isPerson ? { person: 'bob' } : { service: 'applier' }
        const event = chained(aRequestIn('PENDING').id, GENESIS, { type, at: ASKED_AT, actor, details })

        expect(readEvent(stored(eventRow(event)))).toEqual(event)
      }),
      { seed },
    )
  })

  it('AUD-01 of an actor that is both or neither, or of an unknown type, is refused', () => {
    const row = stored(
      eventRow(
        chained('01JQ0000000000000000000000', GENESIS, {
          type: 'asked',
          at: ASKED_AT,
          actor: { person: 'bob' },
          details: {},
        }),
      ),
    )

    for (const change of [
      { actor: { person: 'a', service: 'b' } },
      { actor: {} },
      { actor: 'bob' },
      { type: 'granted' },
    ]) {
      expect(() => readEvent({ ...row, ...change })).toThrow(StoredShapeError)
    }
  })
})

describe('keys', () => {
  it('AUD-01 sort the events of a request by their sequence, the request after them', () => {
    const keys = [1, 2, 9, 10, 99, 100, 12_345].map(sequence => eventKey('R', sequence).sk)

    expect([...keys].sort()).toEqual(keys)
    expect(keys.every(key => key < requestKey('R').sk)).toBe(true)
  })

  it('AUD-01 of different things never meet', () => {
    const keys = [requestKey('A'), eventKey('A', 1), idempotencyKey('A', 'k'), linkKey('A'), taskTokenKey('A')]

    expect(new Set(keys.map(({ pk, sk }) => `${pk} ${sk}`)).size).toBe(keys.length)
    expect(idempotencyKey('a', 'REQUEST').sk).not.toBe('REQUEST')
  })
})

function messageOf(act: () => unknown): string {
  try {
    act()
    return ''
  } catch (error) {
    return error instanceof Error ? error.message : ''
  }
}
