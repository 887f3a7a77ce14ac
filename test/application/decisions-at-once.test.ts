import { describe, expect, it } from '@jest/globals'
import { cancelRequest } from '../../lambdas/application/cancel-request.ts'
import { decideByLink } from '../../lambdas/application/decide-by-link.ts'
import { decideSigned } from '../../lambdas/application/decide-signed.ts'
import { anAccessFile, anEntitlement, aStage } from '../support/an-access-file.ts'
import { takeRandomTurns } from '../support/random-turns.ts'
import { SeededChance } from '../support/seeded-chance.ts'
import { aWorld } from '../support/world.ts'

/** `LAPSE_DECISIONS_AT_ONCE=200` makes every round as wide as the widest; a thousand such rounds take half a minute. */
const WIDTH = Number(process.env.LAPSE_DECISIONS_AT_ONCE ?? 20)
const ROUNDS = { narrow: { rounds: 1000, width: WIDTH }, wide: { rounds: 50, width: 200 } }
const SEED = 1
const DECISIONS = ['approve', 'deny'] as const

const access = anAccessFile({ entitlements: [anEntitlement({ codeRequired: false })] })

/** One request, and so many hands at once: Bob's link, Bob's signature, and now and then Alice who takes it back. */
async function roundOf(chance: SeededChance, width: number) {
  const world = aWorld({ access })
  const { id } = await world.asked()
  const opened = await world.open(world.mailTo('bob').token)
  if (opened.outcome !== 'open') throw new Error(opened.outcome)
  const { request, seen } = opened
  takeRandomTurns(world.faults, chance, 12)
  const before = world.workflow.answers.length

  const hands = Array.from({ length: width }, (_, n) => {
    const answer = { decision: chance.oneOf(DECISIONS), seen, comment: `hand ${n}` }
    const way = chance.oneOf(['link', 'link', 'signature', 'cancel'])
    if (way === 'link') return decideByLink(world.deps, opened, { ...answer, code: '' })
    if (way === 'signature') return decideSigned(world.deps, request, 'bob', answer)
    return cancelRequest(world.deps, id, 'alice')
  })
  const answers = await Promise.all(hands)

  const done = answers.filter(({ outcome }) => outcome === 'decided' || outcome === 'cancelled')
  const { status, decisions, grant } = await world.request(id)
  const events = await world.events(id)
  return {
    done: done.length,
    status,
    decisions: decisions.length,
    isGranted: grant !== undefined,
    steps: events.slice(2),
    woken: world.workflow.answers.length - before,
  }
}

const CANCELLED = { done: 1, status: 'CANCELLED', decisions: 0, isGranted: false, steps: ['cancelled'], woken: 1 }
const APPROVED = { done: 1, status: 'APPROVED', decisions: 1, isGranted: true, steps: ['approved'], woken: 1 }
const DENIED = { done: 1, status: 'DENIED', decisions: 1, isGranted: false, steps: ['denied'], woken: 1 }

describe('decisions at once', () => {
  it.each(Object.values(ROUNDS))(
    'APP-10 FI-8: in each of $rounds rounds of $width hands at once exactly one step is taken',
    async ({ rounds, width }) => {
      const chance = new SeededChance(SEED)
      const wrong: unknown[] = []
      const ends = new Map<string, number>()

      for (let round = 0; round < rounds; round += 1) {
        const found = await roundOf(chance, width)
        ends.set(found.status, (ends.get(found.status) ?? 0) + 1)
        const right = [CANCELLED, APPROVED, DENIED].find(({ status }) => status === found.status)
        if (JSON.stringify(found) !== JSON.stringify(right)) wrong.push({ round, found })
      }

      expect(wrong).toEqual([])
      if (rounds >= 50) expect([...ends.keys()].sort()).toEqual(['APPROVED', 'CANCELLED', 'DENIED'])
    },
    600_000,
  )

  it('APP-10 FI-8: of two hundred approvers at once a quorum of three counts three', async () => {
    const approvers = Array.from({ length: 200 }, (_, n) => `person-${n}`)
    const stages = [aStage({ approvers, quorum: 3 })]
    const file = anAccessFile({ entitlements: [anEntitlement({ codeRequired: false, stages })] })
    const [alice] = Object.values(file.people)
    if (!alice) throw new Error('nobody')
    const people = {
      ...file.people,
      ...Object.fromEntries(approvers.map(id => [id, { ...alice, id, principals: [] }])),
    }
    const world = aWorld({ access: { ...file, people } })
    const { id } = await world.asked()

    const answers = await Promise.allSettled(approvers.map(approver => world.decide(approver)))

    const decided = answers.filter(one => one.status === 'fulfilled' && one.value.outcome === 'decided')
    expect(decided).toHaveLength(3)
    expect(await world.events(id)).toEqual(['asked', 'approvers-asked', 'decided', 'decided', 'approved'])
  })
})
