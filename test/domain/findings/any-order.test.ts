import { describe, expect, it } from '@jest/globals'
import { plusSeconds } from '../../../lambdas/domain/instant.ts'
import { anAccessFile, anEntitlement, aPerson } from '../../support/an-access-file.ts'
import { type Errand, story, type Told } from '../../support/errand.ts'
import { SeededChance } from '../../support/seeded-chance.ts'
import { watch } from '../../support/watched-quarter.ts'
import { many } from './an-occasion.ts'

const AT = new Date('2027-03-03T10:00:00Z')
const people = ['alice', 'bob', 'carol'].map(id => aPerson({ id }))
const stages = [{ name: 'owners', approvers: ['bob', 'carol'], quorum: 1 }]
const access = anAccessFile({ people, entitlements: [anEntitlement({ id: 'orders-restart', stages })] })

function errand(minutes: number, overrides: Partial<Errand> = {}): Errand {
  return {
    requester: 'alice',
    entitlement: 'orders-restart',
    at: plusSeconds(AT, minutes * 60),
    seconds: 1800,
    from: '198.51.100.1',
    becomes: 'granted',
    approver: 'bob',
    answeredAfterSeconds: 120,
    answeredFrom: '198.51.100.2',
    ...overrides,
  }
}

/** Just enough of each to be found. */
const PLANTED: readonly (readonly [rule: string, errands: readonly Errand[]])[] = [
  ['request-spike of alice', many(20, each => errand(each, { becomes: 'cancelled' }))],
  ['repeated-denial of alice', many(3, each => errand(each * 600, { becomes: 'denied' }))],
  [
    'ineligible-probing of alice',
    many(5, each => errand(each * 60, { becomes: 'not-eligible', entitlement: `other-${each}` })),
  ],
  ['quick-decisions of bob', many(5, each => errand(each * 600, { answeredAfterSeconds: 5 }))],
  ['bulk-decisions of bob', many(8, each => errand(each / 2))],
  ['always-approves of bob', many(100, each => errand(each * 600, { requester: each % 2 ? 'alice' : 'carol' }))],
  ['same-pair of bob', many(15, each => errand(each * 600))],
]

describe('what is found when the events of different requests come in any order', () => {
  it.each(PLANTED)('ANO-03 ANO-04 has %s in it, whichever comes last', (name, errands) => {
    const stories = errands.map(each => story(access, each))
    const orders = [stories.flat(), stories.toReversed().flat(), ...many(20, seed => shuffled(stories, seed + 1))]

    const found = orders.map(order => watch(access, order).found.map(({ rule, subject }) => `${rule} of ${subject}`))

    expect(found.filter(names => !names.includes(name))).toEqual([])
  })

  it('ANO-03 has a chain of extensions in it, whichever comes last', () => {
    const chain = story(access, errand(0, { extensions: 3 }))
    const stories = Object.values(Object.groupBy(chain, ({ request }) => request.id)).map(each => each ?? [])
    expect(stories).toHaveLength(4)

    for (const order of [stories, stories.toReversed(), [1, 3, 0, 2].map(each => stories[each] ?? [])]) {
      expect(watch(access, order.flat()).found.map(({ rule }) => rule)).toContain('serial-extension')
    }
  })

  it('ANO-04 has nothing in it twice: what is so once is found once, in whichever order', () => {
    const stories = many(130, each => story(access, errand(each * 240, { requester: each % 2 ? 'alice' : 'carol' })))

    for (const order of [stories.flat(), ...many(5, seed => shuffled(stories, seed + 1))]) {
      const { found } = watch(access, order)
      expect(found.filter(({ rule }) => rule === 'always-approves')).toHaveLength(1)
    }
  })
})

/** Interleaves stories by chance, each in its own order. */
function shuffled(stories: readonly (readonly Told[])[], seed: number): readonly Told[] {
  const chance = new SeededChance(seed)
  const left = stories.map(each => [...each])
  const told: Told[] = []
  while (left.length > 0) {
    const index = chance.below(left.length)
    const next = left[index]?.shift()
    if (next) told.push(next)
    else left.splice(index, 1)
  }
  return told
}
