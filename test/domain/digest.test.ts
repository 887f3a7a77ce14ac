import { createHash } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { canonical, digest, type Json, sha256 } from '../../lambdas/domain/digest.ts'

const { value: $json } = fc.letrec<{ value: Json }>(tie => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.string({ unit: 'binary' }),
    fc.maxSafeInteger(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.string({ unit: 'binary', maxLength: 6 }), tie('value'), { maxKeys: 4 }),
  ),
}))

describe('the canonical text', () => {
  it.each([
    ['no keys', {}, '{}'],
    ['no items', [], '[]'],
    ['keys in another order', { b: 1, a: 2 }, '{"a":2,"b":1}'],
    ['keys in another order further in', { a: [{ z: null, y: true }] }, '{"a":[{"y":true,"z":null}]}'],
    ['capitals before small letters', { a: 1, B: 2 }, '{"B":2,"a":1}'],
    ['ten before two, as text', { 2: 'b', 10: 'a' }, '{"10":"a","2":"b"}'],
    ['an absent member', { a: undefined, b: 1 }, '{"b":1}'],
    ['quotes and breaks', 'a"b\n', '"a\\"b\\n"'],
    ['zero without a sign', -0, '0'],
    ['letters beyond ASCII as they are', 'Zoë 🦊', '"Zoë 🦊"'],
    ['keys by code unit: 🦊 (d83e) before ﬁ (fb01)', { ﬁ: 1, '🦊': 2 }, '{"🦊":2,"ﬁ":1}'],
  ])('AUD-02 writes %s one way', (_, value, text) => {
    expect(canonical(value)).toBe(text)
  })

  it('AUD-02 is JSON that reads back as the same value', () => {
    fc.assert(
      fc.property($json, value => expect(JSON.parse(canonical(value))).toEqual(JSON.parse(JSON.stringify(value)))),
    )
  })

  it('AUD-02 does not depend on the order in which keys were set', () => {
    fc.assert(fc.property($json, value => expect(canonical(turned(value))).toBe(canonical(value))))
  })

  it('AUD-02 tells any two different values apart', () => {
    fc.assert(
      fc.property($json, $json, (one, other) => {
        expect(canonical(one) === canonical(other)).toBe(deeplyEqual(one, other))
      }),
    )
  })

  it.each<[string, Json, Json]>([
    ['a number and its text', 1, '1'],
    ['null and its text', null, 'null'],
    ['an empty list and an empty object', [], {}],
    ['null and absent', { a: null }, {}],
    ['the order of a list', ['a', 'b'], ['b', 'a']],
    ['where a text ends', ['ab', 'c'], ['a', 'bc']],
    ['key and value', { a: 'b' }, { b: 'a' }],
    ['a composed letter and its parts', 'é', 'e\u0301'],
    ['a look-alike of another script', 'аlice', 'alice'],
    ['an invisible character', 'alice', 'alice\u200b'],
    ['nesting', [[1], 2], [1, [2]]],
  ])('AUD-02 tells apart %s', (_, one, other) => {
    expect(digest(one)).not.toBe(digest(other))
  })
})

describe('the hash', () => {
  it('AUD-02 is SHA-256 of the canonical text, 64 hex digits', () => {
    const expected = createHash('sha256').update('{"a":"é","b":[1]}', 'utf8').digest('hex')

    expect(digest({ b: [1], a: 'é' })).toBe(expected)
    expect(expected).toMatch(/^[0-9a-f]{64}$/)
  })

  it('AUD-02 of a text is that of its UTF-8 bytes, and of nothing the known one', () => {
    expect(sha256('Zoë')).toBe(sha256(new TextEncoder().encode('Zoë')))
    expect(sha256('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
  })
})

/** The same value with every object's keys set in the opposite order. */
function turned(value: Json): Json {
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(turned)
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .flatMap(([key, member]) => (member === undefined ? [] : [[key, turned(member)]])),
  )
}

/** jest's own equality, which knows nothing of canonical text; zero has one sign, as in JSON. */
function deeplyEqual(one: Json, other: Json): boolean {
  try {
    expect(JSON.parse(JSON.stringify(one))).toEqual(JSON.parse(JSON.stringify(other)))
    return true
  } catch {
    return false
  }
}
