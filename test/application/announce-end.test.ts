import { describe, expect, it } from '@jest/globals'
import { plusSeconds } from '../../lambdas/domain/instant.ts'
import { aWorld } from '../support/world.ts'

describe('the end of a grant', () => {
  it('END-08 is announced to the requester once, ten minutes before at the earliest', async () => {
    const world = aWorld()
    const { id, grant } = await world.active()
    world.clock.setTo(plusSeconds(grant.notAfter, -601))
    await world.sweep()
    expect(await world.events(id)).not.toContain('end-announced')

    for (const secondsLeft of [600, 300, 1]) {
      world.clock.setTo(plusSeconds(grant.notAfter, -secondsLeft))
      await Promise.all([world.sweep(), world.sweep()])
    }

    expect((await world.events(id)).filter(type => type === 'end-announced')).toHaveLength(1)
    expect(world.announcer.told.filter(told => told.startsWith('end-near'))).toEqual(['end-near alice'])
  })

  it('END-08 is not announced of a grant under twenty minutes, one that is being ended, or one that is over', async () => {
    const world = aWorld()
    const short = await world.active({ ask: { durationSeconds: 1199 } })
    const given = await world.active({ ask: { durationSeconds: 1200 } })
    await world.endEarly(given.id, 'returned')
    world.clock.setTo(plusSeconds(short.grant.notAfter, -60))
    await world.sweep()
    world.clock.setTo(short.grant.notAfter)
    await world.sweep()

    expect(world.announcer.of('end-near')).toEqual([])
  })

  it('END-08 is announced of a grant of twenty minutes, and a mail that fails is an event and no failure of the sweep', async () => {
    const world = aWorld()
    const { id, grant } = await world.active({ ask: { durationSeconds: 1200 } })
    world.announcer.unreachable.add('alice')
    world.clock.setTo(plusSeconds(grant.notAfter, -500))

    expect(await world.sweep()).toEqual([])
    expect((await world.events(id)).slice(-2)).toEqual(['end-announced', 'mail-failed'])
    expect((await world.request(id)).status).toBe('ACTIVE')
  })
})
