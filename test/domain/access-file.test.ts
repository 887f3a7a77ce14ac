import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { isMember, peopleOf, personOfPrincipal } from '../../lambdas/domain/access-file.ts'
import { anAccessFile, aPerson, CAST } from '../support/an-access-file.ts'

const access = anAccessFile({
  groups: {
    developers: ['alice', 'erin'],
    engineering: ['group:developers', 'bob', 'group:circle'],
    circle: ['group:engineering', 'carol'],
    empty: [],
  },
})

describe('the people behind references', () => {
  it.each([
    ['a person', ['alice'], ['alice']],
    ['a group', ['group:developers'], ['alice', 'erin']],
    ['groups in groups, in the order first met', ['group:engineering'], ['alice', 'erin', 'bob', 'carol']],
    ['groups that hold each other', ['group:circle'], ['alice', 'erin', 'bob', 'carol']],
    ['a person named by two ways, once', ['erin', 'group:developers', 'erin'], ['erin', 'alice']],
    ['an empty group', ['group:empty'], []],
    ['no reference', [], []],
    ['a group that does not exist', ['group:nobody'], []],
    ['a person who does not exist', ['zoe'], []],
    ['a group named without its prefix', ['developers'], []],
    ['a person named as a group', ['group:alice'], []],
  ])('REQ-02 of %s', (_, refs, ids) => {
    expect(peopleOf(access, refs).map(({ id }) => id)).toEqual(ids)
  })

  it('REQ-02 of an IAM path are those with a user below it, at any depth, and nobody beside it', () => {
    const people = [
      aPerson({ id: 'dora', principals: ['user/contractors/dora'] }),
      aPerson({ id: 'emil', principals: ['user/people/emil', 'user/contractors/berlin/emil'] }),
      aPerson({ id: 'fay', principals: ['user/contractors2/fay'] }),
      aPerson({ id: 'gus', principals: ['user/contractors'] }),
    ]
    const house = anAccessFile({ people, groups: { outside: ['path:user/contractors'] } })

    expect(peopleOf(house, ['path:user/contractors']).map(({ id }) => id)).toEqual(['dora', 'emil'])
    expect(isMember(house, 'emil', ['group:outside'])).toBe(true)
    expect(peopleOf(house, ['path:user/nobody', 'path:user'])).toHaveLength(4)
  })

  it('REQ-02 of an IAM path are those with a session of a role below it too', () => {
    const sessions = [{ role: 'role/contractors/berlin/developer', session: 'hugo' }]
    const people = [aPerson({ id: 'hugo', principals: [], sessions }), aPerson({ id: 'ida' })]
    const house = anAccessFile({ people })

    expect(peopleOf(house, ['path:role/contractors']).map(({ id }) => id)).toEqual(['hugo'])
    expect(peopleOf(house, ['path:role/contractors/berlin/developer', 'path:user/contractors'])).toEqual([])
  })

  it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])('REQ-02 %s is no person and no group', name => {
    expect(peopleOf(access, [name, `group:${name}`])).toEqual([])
  })

  it('REQ-02 are each met once, however groups nest', () => {
    const $ref = fc.constantFrom(...CAST, 'group:a', 'group:b', 'group:c', 'group:d')
    const $refs = fc.array($ref, { maxLength: 5 })
    fc.assert(
      fc.property(fc.record({ a: $refs, b: $refs, c: $refs, d: $refs }), $refs, (groups, refs) => {
        const nested = anAccessFile({ groups })
        const ids = peopleOf(nested, refs).map(({ id }) => id)

        expect(new Set(ids).size).toBe(ids.length)
        for (const id of CAST) expect(isMember(nested, id, refs)).toBe(ids.includes(id))
      }),
    )
  })
})

describe('whose principal it is', () => {
  const owners = anAccessFile({
    people: [
      aPerson({ id: 'alice', principals: ['user/people/alice', 'user/people/alice-admin'] }),
      aPerson({ id: 'bob' }),
      aPerson({ id: 'nobody', principals: [] }),
    ],
  })

  it.each([
    ['arn:aws:iam::111122223333:user/people/alice', 'alice'],
    ['arn:aws:iam::111122223333:user/people/alice-admin', 'alice'],
    ['arn:aws-cn:iam::111122223333:user/people/bob', 'bob'],
    ['arn:aws:iam::111122223333:user/people/Alice', undefined],
    ['arn:aws:iam::111122223333:user/people/alice2', undefined],
    ['arn:aws:iam::111122223333:user/people/ali', undefined],
    ['arn:aws:iam::111122223333:user/alice', undefined],
    ['arn:aws:iam::111122223333:role/people/alice', undefined],
    ['arn:aws:iam::111122223333:x:user/people/alice', undefined],
    ['arn:aws:iam::111122223333:root', undefined],
    ['user/people/alice', undefined],
    ['', undefined],
  ])('REQ-01 %s is that of %s', (arn, id) => {
    expect(personOfPrincipal(owners, arn)?.id).toBe(id)
  })
})
