import { beforeAll, describe, expect, it } from '@jest/globals'
import * as z from 'zod'
import { codeHash } from '../../lambdas/application/invitations.ts'
import { requestKey } from '../../lambdas/contract/keys.ts'
import { sha256 } from '../../lambdas/domain/digest.ts'
import { anAccessFile, anEntitlement, aStage } from '../support/an-access-file.ts'
import { interleave, type Schedule, schedulesOf } from '../support/interleaving.ts'
import { aWorld, type World } from '../support/world.ts'

const $decisions = z.array(z.record(z.string(), z.unknown()))

type Answerer = (world: World, id: string) => Promise<{ readonly outcome: string }>

const byLink: Answerer = world => world.decide('bob', { decision: 'approve' })
const signed: Answerer = (world, id) => world.sign(id, 'bob', { decision: 'deny' })

async function anAsked(quorum = 1) {
  const stages = [aStage({ approvers: quorum === 1 ? ['bob'] : ['bob', 'carol'], quorum })]
  const world = aWorld({ access: anAccessFile({ entitlements: [anEntitlement({ codeRequired: true, stages })] }) })
  const { id } = await world.asked()
  world.faults.reset()
  return { world, id }
}

async function callsOf(work: Answerer): Promise<number> {
  const { world, id } = await anAsked()
  await work(world, id)
  return world.faults.calls.length
}

describe('a link and a signature of one approver at once', () => {
  let schedules: readonly Schedule[]

  beforeAll(async () => {
    schedules = schedulesOf(await callsOf(byLink), await callsOf(signed))
  })

  it('APP-10 are one decision, whatever happens between any two of their calls', async () => {
    expect(schedules.length).toBeGreaterThan(50)
    const winners = new Set<string>()

    for (const schedule of schedules) {
      const { world, id } = await anAsked()
      const race = await interleave(world.faults, { a: () => byLink(world, id), b: () => signed(world, id) }, schedule)

      const request = await world.request(id)
      expect(request.decisions).toHaveLength(1)
      expect((await world.events(id)).slice(2)).toEqual([request.status === 'APPROVED' ? 'approved' : 'denied'])
      const outcomes = [race.a, race.b].map(each => (each.status === 'fulfilled' ? each.value : each.reason))
      expect(outcomes.filter(each => Object(each).outcome === 'decided')).toHaveLength(1)
      expect(world.links.rows.get(world.mailTo('bob').tokenHash)?.state).toBe(
        request.status === 'APPROVED' ? 'used' : 'open',
      )
      expect(world.workflow.answers).toHaveLength(1)
      winners.add(request.status)
    }

    expect([...winners].sort()).toEqual(['APPROVED', 'DENIED'])
  })
})

describe('a signed decision', () => {
  it('APP-09 leaves the open link of the same approver and stage dead, although the stage is still open', async () => {
    const { world, id } = await anAsked(2)
    const { token } = world.mailTo('bob')

    expect(await world.sign(id, 'bob')).toMatchObject({ outcome: 'decided', verdict: 'open' })

    expect((await world.open(token)).outcome).toBe('answered')
    expect((await world.open(world.mailTo('carol').token)).outcome).toBe('open')
    expect((await world.request(id)).decisions).toHaveLength(1)
  })

  it('APP-09 and one by link pass a stage of two together', async () => {
    const { world, id } = await anAsked(2)

    await world.sign(id, 'carol')

    expect(await world.decide('bob')).toMatchObject({ outcome: 'decided', verdict: 'approved' })
    expect((await world.request(id)).decisions.map(({ approver, via }) => [approver, via])).toEqual([
      ['carol', 'signed'],
      ['bob', undefined],
    ])
  })

  it('APP-09 covers that it was signed: a request whose decision says otherwise later gives no policy', async () => {
    const { world, id } = await anAsked()
    await world.sign(id, 'bob')
    world.store.tamper(requestKey(id), row => ({
      ...row,
      decisions: $decisions.parse(row.decisions).map(({ via: _, ...decision }) => decision),
    }))

    await expect(world.issue(id)).rejects.toThrow('it is not the request that was approved')
  })

  it('APP-09 of two hundred at once exactly one is written', async () => {
    const { world, id } = await anAsked()

    const outcomes = await Promise.all(Array.from({ length: 200 }, () => world.sign(id, 'bob')))

    expect(outcomes.filter(({ outcome }) => outcome === 'decided')).toHaveLength(1)
    expect((await world.request(id)).decisions).toHaveLength(1)
    expect(world.workflow.answers).toHaveLength(1)
  })

  it('S7 a link of one approver acts for nobody else, and for no other stage', async () => {
    const stages = [aStage(), aStage({ name: 'security', approvers: ['carol'] })]
    const world = aWorld({ access: anAccessFile({ entitlements: [anEntitlement({ codeRequired: true, stages })] }) })
    const { id } = await world.asked()
    const bob = world.links.rows.get(world.mailTo('bob').tokenHash)
    if (!bob) throw new Error('no link')
    const token = 'd'.repeat(43)
    const tokenHash = sha256(token)
    const early = { ...bob, tokenHash, approver: 'carol', stage: 'security', codeHash: codeHash(tokenHash, '123456') }
    world.links.rows.set(tokenHash, early)

    expect((await world.open(token)).outcome).toBe('answered')
    expect(await world.answer(token, { code: '123456' })).toEqual({ outcome: 'dead' })
    expect((await world.request(id)).decisions).toEqual([])
    await world.decide('bob')
    expect((await world.open(token)).outcome).toBe('open')
    expect((await world.open(world.mailTo('bob').token)).outcome).toBe('dead')
  })
})
