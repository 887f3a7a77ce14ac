import { describe, expect, it } from '@jest/globals'
import { anAccessFile, anEntitlement, aStage } from '../support/an-access-file.ts'
import { aWorld } from '../support/world.ts'

const STAGES = [
  aStage({ name: 'owner', approvers: ['bob', 'carol', 'alice'], quorum: 2 }),
  aStage({ name: 'security', approvers: ['dave', 'bob'], quorum: 1 }),
  aStage({ name: 'head', approvers: ['erin', 'carol'], quorum: 1 }),
]

function aThreeStageWorld() {
  const entitlement = anEntitlement({ codeRequired: true, stages: STAGES })
  return aWorld({ access: anAccessFile({ entitlements: [entitlement] }) })
}

describe('the life of a request of three stages', () => {
  it('APP-05 each stage is asked after the one before, nobody answers twice, and the shortest duration holds', async () => {
    const world = aThreeStageWorld()
    const mailed = () => world.announcer.told.filter(told => told.startsWith('approval-asked'))
    const { id } = await world.asked()
    expect(mailed()).toEqual(['approval-asked bob', 'approval-asked carol'])

    world.clock.step(600)
    await world.decide('bob', { comment: 'the data is fine' })
    world.clock.step(600)
    expect(mailed()).toHaveLength(2)
    expect(world.workflow.answers).toEqual([])
    await world.decide('carol', { durationSeconds: 1800 })
    expect(world.workflow.answers).toEqual([{ kind: 'stage-passed' }])

    await world.goOn(id)
    expect(mailed().slice(2)).toEqual(['approval-asked dave'])
    expect(await world.sign(id, 'bob')).toMatchObject({ outcome: 'refused', why: 'already-decided' })
    expect(await world.sign(id, 'erin')).toMatchObject({ outcome: 'refused', why: 'not-an-approver' })
    expect(await world.sign(id, 'alice')).toMatchObject({ outcome: 'refused', why: 'own-request' })
    world.clock.step(600)
    await world.sign(id, 'dave', { durationSeconds: 2700 })
    expect(world.workflow.answers).toEqual([{ kind: 'stage-passed' }, { kind: 'stage-passed' }])

    await world.goOn(id)
    expect(mailed().slice(3)).toEqual(['approval-asked erin'])
    world.clock.step(600)
    await world.decide('erin')

    expect(await world.events(id)).toEqual([
      'asked',
      'approvers-asked',
      'decided',
      'decided',
      'approvers-asked',
      'decided',
      'approvers-asked',
      'approved',
    ])
    const { grant, decisions } = await world.granted(id)
    expect(decisions.map(({ approver }) => approver)).toEqual(['bob', 'carol', 'dave', 'erin'])
    expect(grant.notBefore).toEqual(new Date('2027-03-01T10:40:00Z'))
    expect(grant.notAfter).toEqual(new Date('2027-03-01T11:10:00Z'))
    await world.issue(id)
    await world.attach(id)
    world.clock.setTo(grant.notAfter)
    expect((await world.end(id)).request.ending?.cause).toBe('expired')
  })

  it('APP-05 one denial in the last stage ends it, whatever was agreed before', async () => {
    const world = aThreeStageWorld()
    const { id } = await world.asked()
    for (const approver of ['bob', 'carol', 'dave']) await world.sign(id, approver)

    await world.sign(id, 'erin', { decision: 'deny', comment: 'not in the freeze' })

    expect((await world.request(id)).status).toBe('DENIED')
    expect((await world.request(id)).grant).toBeUndefined()
  })

  it('APP-05 time runs for all stages together: what is not answered in time is given up', async () => {
    const world = aThreeStageWorld()
    const { id } = await world.asked()
    for (const approver of ['bob', 'carol', 'dave']) await world.sign(id, approver)
    world.clock.step(14_400)

    expect(await world.sign(id, 'erin')).toMatchObject({ outcome: 'refused', why: 'too-late' })
    expect((await world.climb(id)).outcome).toBe('over')
    expect((await world.request(id)).status).toBe('UNANSWERED')
  })
})
