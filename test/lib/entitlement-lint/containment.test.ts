import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { Entitlement, StatementTemplate } from '../../../lambdas/domain/access-file.ts'
import { allowsAtLeast } from '../../../lib/entitlement-lint/containment.ts'

type Template = Pick<Entitlement, 'parameters' | 'statements'>

const BUCKET = { bucket: { description: 'b', pattern: 'acme-[a-z]+', example: 'acme-orders' } }
const ANY = { name: { description: 'n', pattern: '.*', example: 'x' } }
const WAYS = { way: { description: 'w', pattern: 'acme-a|b.*', example: 'acme-a' } }

function reading(resource: string, parameters: Template['parameters'] = {}): Template {
  return of([{ actions: ['s3:GetObject'], resources: [resource] }], parameters)
}

function of(statements: readonly StatementTemplate[], parameters: Template['parameters'] = {}): Template {
  return { statements, parameters }
}

/* biome-ignore-start lint/suspicious/noTemplateCurlyInString: places of the access file. */
describe('an entitlement that allows at least what another does', () => {
  it.each([
    ['the same resource', reading('arn:a'), reading('arn:a')],
    ['everything', reading('*'), reading('arn:${bucket}/*', BUCKET)],
    ['a wildcard for letters', reading('arn:a*c'), reading('arn:abc')],
    ['a wildcard for nothing', reading('arn:a*c'), reading('arn:ac')],
    ['a wildcard for wildcards', reading('arn:*'), reading('arn:a?*b')],
    ['wildcards in a row', reading('arn:a**b'), reading('arn:ab')],
    ['one letter for one', reading('arn:a?c'), reading('arn:abc')],
    ['a wildcard for a place', reading('arn:*/*'), reading('arn:${bucket}/x', BUCKET)],
    ['the letters every value begins with', reading('arn:acme-*'), reading('arn:${bucket}', BUCKET)],
    ['a place of the same pattern', reading('arn:${bucket}/*', BUCKET), reading('arn:${bucket}/x', BUCKET)],
    ['a place that could be filled so', reading('arn:${bucket}/*', BUCKET), reading('arn:acme-orders/x')],
    ['a variable of IAM', reading('arn:${aws:username}/*'), reading('arn:${aws:username}/x')],
    [
      'more actions, whatever their case',
      of([{ actions: ['S3:get*', 's3:List*'], resources: ['*'] }]),
      of([{ actions: ['s3:GetObject', 's3:listBucket'], resources: ['*'] }]),
    ],
    [
      'no condition where the other has one',
      reading('*'),
      of([{ actions: ['s3:GetObject'], resources: ['a'], conditions: { Bool: { 'aws:SecureTransport': 'true' } } }]),
    ],
    [
      'less left out',
      of([{ actions: ['*'], resources: ['*'] }]),
      of([{ actions: ['*'], exceptActions: ['iam:*'], resources: ['*'] }]),
    ],
  ])('GRA-09 is seen: %s', (_, one, other) => {
    expect(allowsAtLeast(one, other)).toBe(true)
  })

  it.each([
    ['another resource', reading('arn:a'), reading('arn:b')],
    ['a part of it', reading('arn:a'), reading('arn:a*')],
    ['one letter for none', reading('arn:a?'), reading('arn:a')],
    ['one letter for any', reading('arn:a?'), reading('arn:a*')],
    ['one letter for a place', reading('arn:?', BUCKET), reading('arn:${bucket}', BUCKET)],
    ['other letters than every value begins with', reading('arn:acme-o*'), reading('arn:${bucket}', BUCKET)],
    ['letters that only some values begin with', reading('arn:acme-*'), reading('arn:${way}', WAYS)],
    ['a place that could not be filled so', reading('arn:${bucket}', BUCKET), reading('arn:other-orders')],
    ['a place that no value with a colon fills', reading('arn:${name}', ANY), reading('arn:a:b')],
    ['a place that no wildcard fills', reading('arn:${name}', ANY), reading('arn:*')],
    ['another variable of IAM', reading('arn:${aws:username}'), reading('arn:${aws:userid}')],
    ['a variable where letters stand', reading('arn:${aws:username}'), reading('arn:alice')],
    ['a star that is written out', reading('arn:${*}'), reading('arn:abc')],
    [
      'fewer actions',
      of([{ actions: ['s3:GetObject'], resources: ['*'] }]),
      of([{ actions: ['s3:Get*'], resources: ['*'] }]),
    ],
    [
      'the action in one statement and the resource in another',
      of([
        { actions: ['s3:GetObject'], resources: ['a'] },
        { actions: ['s3:PutObject'], resources: ['b'] },
      ]),
      of([{ actions: ['s3:GetObject'], resources: ['b'] }]),
    ],
    [
      'a condition of its own',
      of([{ actions: ['s3:GetObject'], resources: ['*'], conditions: { Bool: { 'aws:SecureTransport': 'true' } } }]),
      reading('a'),
    ],
    [
      'more left out',
      of([{ actions: ['*'], exceptActions: ['iam:*'], resources: ['*'] }]),
      of([{ actions: ['*'], resources: ['*'] }]),
    ],
    ['only the first of two statements', reading('a'), of([...reading('a').statements, ...reading('b').statements])],
  ])('GRA-09 is not: %s', (_, one, other) => {
    expect(allowsAtLeast(one, other)).toBe(false)
  })

  it('GRA-09 is seen when conditions have places of other names and one pattern', () => {
    const inBucket = (name: string, pattern: string): Template =>
      of([{ actions: ['s3:*'], resources: ['*'], conditions: { StringEquals: { 's3:prefix': `\${${name}}` } } }], {
        [name]: { description: 'x', pattern, example: 'a' },
      })

    expect(allowsAtLeast(inBucket('one', 'a+'), inBucket('other', 'a+'))).toBe(true)
    expect(allowsAtLeast(inBucket('one', 'a+'), inBucket('one', 'b+'))).toBe(false)
  })

  it('GRA-09 matches every resource that the other matches', () => {
    const $sign = fc.constantFrom('a', 'b', '*', '?', '${p}')
    const $pattern = fc.array($sign, { maxLength: 6 }).map(signs => signs.join(''))
    const $value = fc.constantFrom('ab', 'abb')
    const places = { p: { description: 'p', pattern: 'abb?', example: 'ab' } }
    const matches = (pattern: string, text: string): boolean => {
      const wildcards = pattern.replaceAll('?', '.').replaceAll('*', '.*')
      return new RegExp(`^${wildcards.replaceAll('${p}', 'abb?')}$`).test(text)
    }
    let seen = 0
    fc.assert(
      fc.property(
        $pattern,
        $pattern,
        $value,
        fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 3 }),
        fc.constantFrom('a', 'b'),
        (wide, narrow, value, any, one) => {
          if (!allowsAtLeast(reading(wide, places), reading(narrow, places))) return
          seen += 1
          const text = narrow.replaceAll('${p}', value).replaceAll('*', any).replaceAll('?', one)

          expect(matches(wide, text)).toBe(true)
        },
      ),
      { numRuns: 5000 },
    )
    expect(seen).toBeGreaterThan(100)
  })
})
/* biome-ignore-end lint/suspicious/noTemplateCurlyInString: places of the access file. */
