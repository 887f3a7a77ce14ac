import { describe, expect, it } from '@jest/globals'
import { mailFor } from '../../lambdas/adapters/mail-for.ts'
import { earlierRequests } from '../../lambdas/application/earlier-requests.ts'
import { wholeSeconds } from '../../lambdas/domain/instant.ts'
import { similarRequests } from '../../lambdas/domain/similar-requests.ts'
import { aRequestIn } from '../support/a-request.ts'
import { anAccessFile, anEntitlement, aRule } from '../support/an-access-file.ts'
import { aWorld } from '../support/world.ts'

const A_DAY = 86_400
const ALL = aRule({ members: ['alice', 'carol'] })

function aHouse() {
  const access = anAccessFile({
    entitlements: [
      anEntitlement({ codeRequired: true, rules: [ALL] }),
      anEntitlement({ id: 'other', codeRequired: true, rules: [ALL] }),
    ],
  })
  const world = aWorld({ access })
  world.deps.attachmentsPerUser = 1000
  return world
}

describe('what came before a request', () => {
  it('APP-03 is what its requester asked for in 90 days, over all entitlements and without itself', async () => {
    const world = aHouse()
    await world.approved()
    world.clock.step(80 * A_DAY)
    await world.approved({ ask: { entitlement: 'other' } })
    const lastAskedAt = wholeSeconds((await world.asked({ ask: { entitlement: 'other' } })).askedAt)
    await world.asked({ requester: 'carol' })
    world.clock.step(20 * A_DAY)
    const request = await world.asked()

    const { history } = await earlierRequests(world.deps, request)

    expect(history).toEqual({ askedLast90Days: 2, grantedLast90Days: 1, lastAskedAt, isCut: false })
  })

  it('REQ-09 is what was decided of requests for the entitlement, by whomever they were asked', async () => {
    const world = aHouse()
    await world.approved({ requester: 'carol' })
    await world.asked()
    world.clock.step(60)
    await world.decide('bob', { decision: 'deny' })
    await world.approved({ ask: { entitlement: 'other' } })
    const open = await world.asked()

    const { similar } = await earlierRequests(world.deps, open)

    expect(similar).toEqual({ approved: 1, denied: 1, unanswered: 0, medianAnswerSeconds: 60, isCut: false })
  })

  it('REQ-09 says when there may be more than the latest hundred', async () => {
    const world = aHouse()
    for (let count = 0; count < 101; count += 1) await world.started()

    world.faults.reset()

    const { history, similar } = await earlierRequests(world.deps, { requester: 'alice', entitlement: 'logs-read' })

    expect(history).toMatchObject({ askedLast90Days: 100, isCut: true })
    expect(similar.isCut).toBe(true)
    expect(world.faults.calls).toEqual(['store.list', 'store.list'])
  })

  it('REQ-09 counts who answered and how fast, and nothing of what is open or was taken back', () => {
    const requests = (
      ['PENDING', 'CANCELLED', 'REFUSED', 'FAILED', 'UNANSWERED', 'DENIED', 'ENDED', 'ACTIVE'] as const
    ).map(status => aRequestIn(status))

    expect(similarRequests(requests, false)).toEqual({
      approved: 2,
      denied: 1,
      unanswered: 1,
      medianAnswerSeconds: 900,
      isCut: false,
    })
    expect(similarRequests([], true)).toEqual({ approved: 0, denied: 0, unanswered: 0, isCut: true })
  })

  it('APP-03 stands in the mail to approvers', async () => {
    const world = aHouse()
    await world.approved()
    await world.asked()
    const mail = world.announcer.of('approval-asked').at(-1)
    if (!mail) throw new Error('nobody was asked')

    const { text } = mailFor(world.access, mail)

    expect(text).toContain('Asked once, granted once in the last 90 days')
    expect(text.replaceAll(/\s+/g, ' ')).toContain(
      'Of this entitlement in the last 90 days: 1 approved, 0 denied, 0 unanswered Half of the answers came within 15 minutes',
    )
  })
})
