import { describe, expect, it } from '@jest/globals'
import { type DrainGrantsDeps, drainGrants } from '../../lambdas/application/drain-grants.ts'
import { aWorld, type World } from '../support/world.ts'

const ORPHAN = 'arn:aws:iam::111122223333:policy/lapse/grant/20270301T120000Z/01JQ0000000000000000000000'
const ROUNDS_WITHOUT_IAM = 2
const nothing = async function* (): AsyncIterable<string> {}

/** The drain with one rule broken, and what that lets through. */
const MUTANTS: Readonly<
  Record<string, { readonly by: string; readonly deps: (world: World) => Partial<DrainGrantsDeps> }>
> = {
  'no freeze': {
    by: 'an ask let in afterwards',
    deps: ({ freezes }) => ({
      freezes: { current: () => freezes.current(), freeze: async freeze => freeze, lift: async () => {} },
    }),
  },
  'the table alone is believed': {
    by: 'drained with a policy in IAM',
    deps: () => ({ inventory: { grantPolicies: nothing } }),
  },
  'IAM alone is looked at': {
    by: 'drained with an open request',
    deps: () => ({ open: { openRequests: nothing } }),
  },
  'a removal is believed and not read back': {
    by: 'a receipt that is untrue',
    deps: ({ iam }) => ({
      policies: {
        remove: arn => iam.remove(arn).catch(() => ({ found: true, detached: 1 })),
        exists: async () => false,
        takeFrom: (user, arn) => iam.takeFrom(user, arn),
        isAttached: (user, arn) => iam.isAttached(user, arn),
      },
    }),
  },
  'it gives up after one round': {
    by: 'not drained although IAM came back',
    deps: () => ({
      pause: async () => {
        throw new Error('no second round')
      },
    }),
  },
}

/** Drains a stack with grants in force, approved and unanswered, and a policy of nobody, with IAM refusing removals for two rounds. */
async function wrongsOf(mutant: (world: World) => Partial<DrainGrantsDeps>): Promise<readonly string[]> {
  const world = aWorld()
  const ids = [
    (await world.active()).id,
    (await world.active()).id,
    (await world.approved()).id,
    (await world.asked()).id,
  ]
  await world.iam.create({ arn: ORPHAN, document: { Version: '2012-10-17', Statement: [] }, tags: {} })
  const wrong = new Set<string>()
  const commit = world.store.commit.bind(world.store)
  world.store.commit = async (step, usedLink) => {
    const outcome = await commit(step, usedLink)
    const { grant } = step.to
    if (
      outcome === 'won' &&
      step.event.type === 'ended' &&
      grant &&
      world.iam.attachmentsOf(grant.policyArn).length > 0
    )
      wrong.add('a receipt that is untrue')
    return outcome
  }
  world.faults.failNext('DetachPolicy', Infinity)
  let rounds = 0
  const pause = async (): Promise<void> => {
    rounds += 1
    world.clock.step(5)
    if (rounds === ROUNDS_WITHOUT_IAM) world.faults.heal()
  }
  const drained = await drainGrants({ ...world.deps, pause, ...mutant(world) }).catch(() => undefined)
  world.faults.heal()

  if (drained?.outcome === 'drained') {
    if (world.iam.policies.size > 0) wrong.add('drained with a policy in IAM')
    for (const id of ids) {
      const { status } = await world.request(id)
      if (status !== 'ENDED' && status !== 'FAILED') wrong.add('drained with an open request')
    }
  } else wrong.add('not drained although IAM came back')
  if ((await world.ask()).outcome === 'accepted') wrong.add('an ask let in afterwards')
  return [...wrong]
}

describe('the drain', () => {
  it('END-07 FI-17: as it is lets nothing through', async () => {
    expect(await wrongsOf(() => ({}))).toEqual([])
  })

  it.each(Object.entries(MUTANTS))('END-07 FI-17: is needed as it is: %s is caught', async (_, { by, deps }) => {
    expect(await wrongsOf(deps)).toContain(by)
  })
})
