import { describe, expect, it } from '@jest/globals'
import { plusSeconds } from '../../lambdas/domain/instant.ts'
import type { Moment } from '../support/faults.ts'
import { aWorld, type World } from '../support/world.ts'

/** A life up to where faults begin, and the rest of it, in which each call fails once. */
interface Path {
  readonly before: (world: World) => Promise<string>
  readonly rest: (world: World, id: string) => Promise<unknown>
  /** The lives there may be, by their events after the ask, mails left out. */
  readonly lives: readonly string[]
}

const APPROVED = 'asked approvers-asked approved'
const issued = async (world: World) => {
  const { id } = await world.approved()
  await world.issue(id)
  return id
}

const PATHS: Readonly<Record<string, Path>> = {
  'a whole life': {
    before: async world => (await world.approved()).id,
    rest: async (world, id) => {
      await world.issue(id)
      const { notAfter } = await world.attach(id)
      world.clock.setTo(notAfter)
      await world.end(id)
    },
    lives: ['FAILED none: failed', 'ENDED expired: activated ended'],
  },
  'a denial': {
    before: async world => (await world.asked()).id,
    rest: world => world.decide('bob', { decision: 'deny' }),
    lives: ['DENIED', 'UNANSWERED'],
  },
  'an early end': {
    before: async world => (await world.active()).id,
    rest: (world, id) => world.endEarly(id, 'returned'),
    lives: ['ENDED returned: activated end-ordered ended', 'ENDED expired: activated ended'],
  },
  'a revoke before the attachment': {
    before: issued,
    rest: (world, id) => world.endEarly(id),
    lives: ['ENDED revoked: end-ordered ended', 'FAILED none: failed'],
  },
  'a revoke during the attachment': {
    before: issued,
    // The attachment is refused when the revoke comes first: that is one of its lives.
    rest: (world, id) => Promise.allSettled([world.attach(id), world.endEarly(id)]),
    lives: [
      'ENDED revoked: end-ordered ended',
      'ENDED revoked: activated end-ordered ended',
      'ENDED revoked: end-ordered ended second-look',
      'ENDED expired: activated ended',
      'FAILED none: failed',
    ],
  },
  'a freeze': {
    before: async world => (await world.active()).id,
    rest: world => world.freeze(),
    lives: ['ENDED frozen: activated end-ordered ended', 'ENDED expired: activated ended'],
  },
}

async function callsOf({ before, rest }: Path): Promise<number> {
  const world = aWorld()
  const id = await before(world)
  world.faults.reset()
  await rest(world, id)
  return world.faults.calls.length
}

/** The workflow is dead from here on: only the sweep is left, every five minutes. */
async function sweptUntilOver(world: World, id: string): Promise<void> {
  world.faults.heal()
  for (let count = 0; count < 70; count += 1) {
    world.clock.step(300)
    await world.sweep()
    const { status } = await world.request(id)
    if (!['PENDING', 'APPROVED', 'ACTIVE'].includes(status) && world.iam.policies.size === 0) return
  }
}

/** Facts of a life that say nothing of how it ends: the sweep announces an end if it comes by in time. */
const NOTES = new Set(['mail-failed', 'end-announced'])

async function lifeOf(world: World, id: string): Promise<string> {
  const { status, ending } = await world.request(id)
  if (!ending) return status
  const events = (await world.events(id)).filter(type => !NOTES.has(type)).join(' ')
  if (!events.startsWith(APPROVED)) throw new Error(`the events are ${events}`)
  return `${status} ${ending.cause ?? 'none'}: ${events.slice(APPROVED.length + 1)}`
}

describe.each(Object.entries(PATHS))('%s, broken off at every call, with only the sweep after it', (_name, path) => {
  it('END-02 leaves nothing attached, no policy, and one end in the ledger', async () => {
    const calls = await callsOf(path)
    const wrong: object[] = []
    for (const moment of ['before', 'after'] satisfies Moment[]) {
      for (let index = 0; index < calls; index += 1) {
        const world = aWorld()
        const id = await path.before(world)
        world.faults.reset()
        world.faults.failAt(index, moment)
        const call = await path.rest(world, id).then(
          () => 'no call',
          () => world.faults.calls[index],
        )
        await sweptUntilOver(world, id)

        const life = await lifeOf(world, id)
        const left = world.iam.policies.size
        if (left > 0 || !path.lives.includes(life)) wrong.push({ moment, index, call, left, life })
      }
    }
    expect(wrong).toEqual([])
  }, 60_000)

  it('END-02 is closed by one sweep if no sweep found anything before', async () => {
    const world = aWorld()
    const id = await path.before(world)
    const { grant, answerBy } = await world.request(id)
    world.clock.setTo(plusSeconds(grant?.notAfter ?? answerBy, 3600))

    await world.sweep()

    expect(['ENDED', 'FAILED', 'UNANSWERED']).toContain((await world.request(id)).status)
    expect(world.iam.policies.size).toBe(0)
  })
})

describe('an execution that is stopped, and a process that dies', () => {
  it('END-02 at every call of a whole life, for good: the sweep closes it, whatever was under way', async () => {
    const path = PATHS['a whole life']
    if (!path) throw new Error('no path')
    const calls = await callsOf(path)
    for (let index = 0; index < calls; index += 1) {
      const world = aWorld()
      const id = await path.before(world)
      world.faults.reset()
      world.faults.failFrom(index, () => true)
      await path.rest(world, id).catch(() => {})
      await sweptUntilOver(world, id)

      expect({ index, left: world.iam.policies.size }).toEqual({ index, left: 0 })
      expect(path.lives).toContain(await lifeOf(world, id))
    }
  }, 60_000)

  it('END-02 ten grants at once with a fault at every tenth call are all closed, each once', async () => {
    const world = aWorld()
    const ids: string[] = []
    for (let count = 0; count < 9; count += 1) ids.push((await world.approved()).id)
    world.faults.reset()
    for (let index = 3; index < 400; index += 10) world.faults.failAt(index, index % 20 === 3 ? 'before' : 'after')

    await Promise.allSettled(ids.map(id => world.issue(id).then(() => world.attach(id))))
    world.clock.step(2 * 3600)
    for (let count = 0; count < 12; count += 1) {
      await world.sweep().catch(() => {})
      world.clock.step(300)
    }

    world.faults.heal()
    expect(world.iam.policies.size).toBe(0)
    for (const id of ids) {
      const ends = (await world.events(id)).filter(type => type === 'ended' || type === 'failed')
      expect(ends).toHaveLength(1)
    }
  })
})
