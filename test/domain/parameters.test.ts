// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the places of a template are written like this in the access file
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { Entitlement } from '../../lambdas/domain/access-file.ts'
import { LONGEST_PARAMETER, placesOf, render, type Statement } from '../../lambdas/domain/parameters.ts'
import { anEntitlement } from '../support/an-access-file.ts'

const WILDCARDS = /[*?]/g
const VARIABLES = /\$\{[^}]*\}/g

/** An entitlement whose pattern lets everything through, so that only the house's own refusal stands. */
const open = anEntitlement({
  parameters: { name: aParameter('[^]*'), team: aParameter('[^]*') },
  statements: [
    {
      actions: ['s3:GetObject', 's3:List*'],
      resources: ['arn:aws:s3:::${name}/${team}/*', 'arn:aws:s3:::homes-${aws:username}-${name}-??'],
      conditions: {
        StringLike: { 's3:prefix': ['${team}/*', 'public/*'] },
        StringEquals: { 'aws:PrincipalTag/team': '${team}' },
      },
    },
  ],
})

describe('render', () => {
  it('REQ-03 fills resources and condition values and leaves actions and the variables of IAM', () => {
    expect(rendered(open, { name: 'acme', team: 'blue' })).toEqual([
      {
        actions: ['s3:GetObject', 's3:List*'],
        resources: ['arn:aws:s3:::acme/blue/*', 'arn:aws:s3:::homes-${aws:username}-acme-??'],
        conditions: {
          StringLike: { 's3:prefix': ['blue/*', 'public/*'] },
          StringEquals: { 'aws:PrincipalTag/team': 'blue' },
        },
      },
    ])
  })

  it('REQ-03 adds no conditions to a statement without them', () => {
    const plain = anEntitlement({ statements: [{ actions: ['sts:GetCallerIdentity'], resources: ['*'] }] })

    expect(rendered(plain, {})).toStrictEqual([{ actions: ['sts:GetCallerIdentity'], resources: ['*'] }])
  })

  it('REQ-03 fills every statement', () => {
    const two = anEntitlement({
      parameters: { name: aParameter('[a-z]+') },
      statements: [
        { actions: ['s3:GetObject'], resources: ['arn:aws:s3:::${name}/*'] },
        { actions: ['s3:ListBucket'], resources: ['arn:aws:s3:::${name}'] },
      ],
    })

    expect(rendered(two, { name: 'acme' }).map(({ resources }) => resources)).toEqual([
      ['arn:aws:s3:::acme/*'],
      ['arn:aws:s3:::acme'],
    ])
  })

  it('REQ-03 puts a value in as it is: what replacing would read into it is refused', () => {
    expect(render(open, { name: 'acme', team: '$&' })).toMatchObject({ outcome: 'refused', parameter: 'team' })
    expect(rendered(open, { name: 'acme', team: 'name' })[0]?.resources[0]).toBe('arn:aws:s3:::acme/name/*')
  })

  it('REQ-03 leaves a place no parameter has, whatever it is called', () => {
    const undeclared = anEntitlement({
      statements: [{ actions: ['s3:GetObject'], resources: ['${toString}', '${nothing}'] }],
    })

    expect(rendered(undeclared, {})[0]?.resources).toEqual(['${toString}', '${nothing}'])
  })

  it('REQ-03 refuses __proto__ as the name of a parameter', () => {
    const parameters = Object.fromEntries([
      ['name', 'acme'],
      ['team', 'blue'],
      ['__proto__', 'x'],
    ])

    expect(render(open, parameters)).toMatchObject({ outcome: 'refused', parameter: '__proto__' })
  })

  it('REQ-03 does not take what a value inherits for a value', () => {
    const inherited: Record<string, string> = Object.create({ name: 'acme', team: 'blue' })

    expect(render(open, inherited)).toMatchObject({
      outcome: 'refused',
      parameter: 'name',
      detail: 'parameter name is missing',
    })
  })

  it('REQ-03 a value may be as long as the limit and no longer', () => {
    expect(render(open, { name: 'a'.repeat(LONGEST_PARAMETER), team: 'b' }).outcome).toBe('rendered')
    expect(render(open, { name: 'a'.repeat(LONGEST_PARAMETER + 1), team: 'b' })).toMatchObject({ parameter: 'name' })
  })

  it('REQ-03 never yields a wildcard or a variable of IAM that the template did not have', () => {
    const $value = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.string({ unit: fc.constantFrom('a', '*', '?', '$', '{', '}', ':', '/', '-', 'x'), maxLength: 6 }),
      fc.stringMatching(/^[a-z/.-]{1,8}$/),
    )
    fc.assert(
      fc.property($value, $value, (name, team) => {
        const rendering = render(open, { name, team })
        if (rendering.outcome === 'refused') return
        for (const [index, statement] of rendering.statements.entries()) {
          const template = textsOf(open.statements[index])
          for (const [place, text] of textsOf(statement).entries()) {
            expect(text.match(WILDCARDS) ?? []).toEqual(template[place]?.match(WILDCARDS) ?? [])
            expect(text.match(VARIABLES) ?? []).toEqual(template[place]?.match(/\$\{aws:[^}]*\}/g) ?? [])
            expect(text.split(':')).toHaveLength(template[place]?.replaceAll(/\$\{\w+\}/g, '').split(':').length ?? 0)
          }
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('REQ-03 lets through every value that has none of the widening characters', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9_./=+@,-]{1,60}$/), value => {
        expect(render(open, { name: value, team: 'blue' }).outcome).toBe('rendered')
      }),
    )
  })

  it('REQ-03 refuses any value with a widening character anywhere', () => {
    const $character = fc.constantFrom(
      '*',
      '?',
      '$',
      ':',
      '"',
      "'",
      '\\',
      '{',
      '}',
      ' ',
      '\t',
      '\n',
      '\r',
      '\u0000',
      '\u0085',
      '\u00a0',
      '\u2003',
      '\u2029',
      '\ufeff',
    )
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z]{0,5}$/),
        $character,
        fc.stringMatching(/^[a-z]{0,5}$/),
        (left, character, right) => {
          expect(render(open, { name: 'acme', team: left + character + right })).toMatchObject({
            outcome: 'refused',
            parameter: 'team',
            detail: expect.stringContaining('would widen the policy'),
          })
        },
      ),
    )
  })

  it.each([
    ['a full-width star', 'prod＊'],
    ['a star operator', 'prod∗'],
    ['a full-width colon', 'a：b'],
    ['a Cyrillic о', 'prоd'],
    ['a division slash', 'a∕b'],
  ])('REQ-03 leaves it to the pattern whether %s passes: to IAM it is a letter', (_, value) => {
    const ascii = anEntitlement({
      parameters: { name: aParameter('[\\w/-]+') },
      statements: [{ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::${name}'] }],
    })

    expect(render(ascii, { name: value })).toMatchObject({
      outcome: 'refused',
      detail: expect.stringContaining('does not match'),
    })
  })
})

describe('the places of a template', () => {
  it('REQ-03 are found in resources and conditions, each once, and the variables of IAM are none', () => {
    expect(open.statements.map(placesOf)).toEqual([['name', 'team']])
    expect(
      placesOf({ actions: ['s3:${no}'], resources: ['${aws:userid}', '$x', '{y}', '${}', '${1a}', '${a-b}'] }),
    ).toEqual([])
    expect(
      placesOf({ actions: [], resources: ['*'], conditions: { StringEquals: { a: '${x}', b: ['${y}', '${x}'] } } }),
    ).toEqual(['x', 'y'])
  })
})

function aParameter(pattern: string): Entitlement['parameters'][string] {
  return { pattern, description: 'which one', example: 'acme' }
}

function rendered(entitlement: Entitlement, parameters: Record<string, string>): readonly Statement[] {
  const rendering = render(entitlement, parameters)
  if (rendering.outcome === 'refused') throw new Error(rendering.detail)
  return rendering.statements
}

function textsOf(statement: Statement | undefined): readonly string[] {
  const { resources = [], conditions = {} } = statement ?? {}
  return [...resources, ...Object.values(conditions).flatMap(keys => Object.values(keys).flat())]
}
