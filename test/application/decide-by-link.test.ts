import { describe, expect, it } from '@jest/globals'
import { decideByLink, openLink } from '../../lambdas/application/decide-by-link.ts'
import { codeHash } from '../../lambdas/application/invitations.ts'
import type { AccessFile, Entitlement } from '../../lambdas/domain/access-file.ts'
import { sha256 } from '../../lambdas/domain/digest.ts'
import { plusSeconds } from '../../lambdas/domain/instant.ts'
import { anAccessFile, anEntitlement, aStage } from '../support/an-access-file.ts'
import { aWorld } from '../support/world.ts'

const WRONG = '000000'

function accessWith(entitlement: Partial<Entitlement>): AccessFile {
  return anAccessFile({ entitlements: [anEntitlement({ codeRequired: true, ...entitlement })] })
}

describe('a link', () => {
  it('APP-01 FI-14: shows the approver exactly what is asked, and reading it a thousand times writes nothing', async () => {
    const world = aWorld()
    const { id } = await world.asked()
    const { token } = world.mailTo('bob')
    const rows = new Map(world.store.rows)
    const links = new Map(world.links.rows)

    for (let reading = 0; reading < 1000; reading += 1) await world.open(token)

    expect(await world.open(token)).toMatchObject({
      outcome: 'open',
      request: { id },
      approver: { id: 'bob' },
      statements: [{ actions: ['s3:GetObject'] }],
    })
    expect(world.store.rows).toEqual(rows)
    expect(world.links.rows).toEqual(links)
  })

  it('APP-01 unknown, used, expired and voided are one and the same dead', async () => {
    const world = aWorld({
      access: accessWith({ stages: [aStage({ approvers: ['bob', 'carol', 'dave'], quorum: 2 })] }),
    })
    await world.asked()
    const bob = world.mailTo('bob')
    const carol = world.mailTo('carol')
    await world.decide('bob')
    for (const _ of Array.from({ length: 5 })) await world.answer(carol.token, { code: WRONG })

    expect(await world.open('x'.repeat(43))).toEqual({ outcome: 'dead' })
    expect(await world.open(bob.token)).toEqual({ outcome: 'dead' })
    expect(await world.open(carol.token)).toEqual({ outcome: 'dead' })
    expect(await world.open(world.mailTo('dave').token)).toMatchObject({ outcome: 'open' })
    world.clock.step(14_400)
    expect(await world.open(world.mailTo('dave').token)).toEqual({ outcome: 'dead' })
  })

  it('APP-01 is dead in the second its time is over, and not before', async () => {
    const world = aWorld()
    const { answerBy } = await world.asked()
    const { token } = world.mailTo('bob')
    const end = new Date(Math.floor(answerBy.getTime() / 1000) * 1000)

    world.clock.setTo(plusSeconds(end, -1))
    expect((await world.open(token)).outcome).toBe('open')
    world.clock.setTo(end)
    expect((await world.open(token)).outcome).toBe('dead')
  })

  it('APP-01 of an approver who left the access file is dead', async () => {
    const world = aWorld()
    await world.asked()
    const { token } = world.mailTo('bob')
    const { bob: _, ...people } = world.access.people
    const { carol } = people
    if (!carol) throw new Error('no carol')
    const access = { ...world.access, people }

    expect((await openLink({ ...world.deps, access }, token)).outcome).toMatch(/^(dead|rules-changed)$/)
  })

  it('APP-06 a reminder brings a link of its own, and the first one still works', async () => {
    const world = aWorld()
    const { id } = await world.asked()
    const first = world.mailTo('bob')
    world.clock.step(1800)
    await world.climb(id)
    await world.askApprovers(id, 1)
    const second = world.mailTo('bob')

    expect(second.token).not.toBe(first.token)
    expect(second.code).not.toBe(first.code)
    expect(await world.answer(first.token, { code: second.code })).toMatchObject({ outcome: 'wrong-code' })
    expect(await world.answer(first.token, { code: first.code })).toMatchObject({
      outcome: 'decided',
      verdict: 'approved',
    })
    expect(await world.answer(second.token, { code: second.code })).toEqual({ outcome: 'dead' })
  })
})

describe('the code of a link', () => {
  it('APP-02 is kept only as a hash bound to its link', async () => {
    const world = aWorld()
    await world.asked()
    const { tokenHash, code } = world.mailTo('bob')

    expect(world.links.rows.get(tokenHash)?.codeHash).toBe(codeHash(tokenHash, code))
    expect(codeHash(tokenHash, code)).not.toBe(codeHash(sha256('another'), code))
  })

  it('APP-02 five wrong ones void the link, one event says so and the requester is told', async () => {
    const world = aWorld()
    const { id } = await world.asked()
    const { token, code } = world.mailTo('bob')

    const outcomes = []
    for (const _ of [1, 2, 3, 4, 5]) outcomes.push(await world.answer(token, { code: WRONG }))

    expect(outcomes).toEqual([
      { outcome: 'wrong-code', triesLeft: 4 },
      { outcome: 'wrong-code', triesLeft: 3 },
      { outcome: 'wrong-code', triesLeft: 2 },
      { outcome: 'wrong-code', triesLeft: 1 },
      { outcome: 'voided' },
    ])
    expect(await world.answer(token, { code })).toEqual({ outcome: 'dead' })
    expect(await world.events(id)).toEqual(['asked', 'approvers-asked', 'link-voided'])
    expect(await world.details(id)).toMatchObject([{}, {}, { approver: 'bob' }])
    expect(world.announcer.told.at(-1)).toBe('link-voided alice')
    expect((await world.request(id)).status).toBe('PENDING')
  })

  it('APP-02 the right one after four wrong ones decides', async () => {
    const world = aWorld()
    const { id } = await world.asked()
    const { token, code } = world.mailTo('bob')
    for (const _ of [1, 2, 3, 4]) await world.answer(token, { code: WRONG })

    expect(await world.answer(token, { code })).toMatchObject({ outcome: 'decided', verdict: 'approved' })
    expect((await world.request(id)).status).toBe('APPROVED')
  })

  it('APP-02 two hundred guesses at once are at most five comparisons', async () => {
    const world = aWorld()
    const { id } = await world.asked()
    const { token, tokenHash, code } = world.mailTo('bob')
    const opened = await world.open(token)
    if (opened.outcome !== 'open') throw new Error(opened.outcome)
    const guesses = Array.from({ length: 200 }, (_, n) => String(n).padStart(6, '0')).filter(guess => guess !== code)

    const answers = await Promise.all(
      guesses.map(guess => decideByLink(world.deps, opened, { decision: 'approve', seen: opened.seen, code: guess })),
    )

    expect(answers.filter(({ outcome }) => outcome === 'wrong-code')).toHaveLength(4)
    expect(answers.filter(({ outcome }) => outcome === 'voided')).toHaveLength(1)
    expect(answers.filter(({ outcome }) => outcome === 'dead')).toHaveLength(guesses.length - 5)
    expect(world.links.rows.get(tokenHash)?.tries).toBe(5)
    expect(await world.decide('bob')).toEqual({ outcome: 'dead' })
    expect((await world.events(id)).filter(type => type === 'link-voided')).toHaveLength(1)
  })

  it('APP-02 the right one among two hundred guesses at once counts only within the first five', async () => {
    const world = aWorld()
    const { id } = await world.asked()
    const { token, code } = world.mailTo('bob')
    const opened = await world.open(token)
    if (opened.outcome !== 'open') throw new Error(opened.outcome)
    const guesses = [...Array.from({ length: 199 }, () => WRONG), code]

    await Promise.all(
      guesses.map(guess => decideByLink(world.deps, opened, { decision: 'approve', seen: opened.seen, code: guess })),
    )

    expect((await world.request(id)).status).toBe('PENDING')
  })

  it('APP-02 is not asked for where the entitlement does not', async () => {
    const world = aWorld({ access: accessWith({ codeRequired: false }) })
    await world.asked()

    expect(world.announcer.of('approval-asked')[0]?.code).toBeUndefined()
    expect(await world.decide('bob', { code: '' })).toMatchObject({ outcome: 'decided' })
  })
})

describe('a decision by link', () => {
  it('APP-04 that carries another hash than was shown is refused and writes nothing', async () => {
    const world = aWorld()
    const { id } = await world.asked()

    expect(await world.decide('bob', { seen: 'f'.repeat(64) })).toMatchObject({
      outcome: 'refused',
      why: 'changed-since-shown',
    })
    expect(await world.events(id)).toEqual(['asked', 'approvers-asked'])
  })

  it('APP-04 of a request whose statements the access file gives differently now is refused', async () => {
    const world = aWorld()
    const { id } = await world.asked()
    const shown = await world.open(world.mailTo('bob').token)
    if (shown.outcome !== 'open') throw new Error(shown.outcome)
    const wider = accessWith({ statements: [{ actions: ['s3:*'], resources: ['*'] }] })

    const opened = await openLink({ ...world.deps, access: wider }, world.mailTo('bob').token)

    if (opened.outcome !== 'open') throw new Error(opened.outcome)
    expect(opened.seen).not.toBe(shown.seen)
    const answer = { decision: 'approve', seen: shown.seen, code: world.mailTo('bob').code } as const
    expect(await decideByLink({ ...world.deps, access: wider }, opened, answer)).toMatchObject({
      why: 'changed-since-shown',
    })
    expect((await world.request(id)).status).toBe('PENDING')
  })

  it('APP-12 a request the access file of today refuses cannot be answered', async () => {
    const world = aWorld()
    await world.asked()
    const narrower = accessWith({ duration: { defaultSeconds: 600, maximumSeconds: 600 } })
    const opened = await openLink({ ...world.deps, access: narrower }, world.mailTo('bob').token)

    expect(opened.outcome).toBe('rules-changed')
  })

  it('APP-05 somebody who is no approver of the stage any more cannot approve by the link of before', async () => {
    const world = aWorld()
    const { id } = await world.asked()
    const access = accessWith({ stages: [aStage({ approvers: ['carol'] })] })

    const opened = await openLink({ ...world.deps, access }, world.mailTo('bob').token)
    if (opened.outcome === 'open') {
      await decideByLink({ ...world.deps, access }, opened, {
        decision: 'approve',
        seen: opened.seen,
        code: world.mailTo('bob').code,
      })
    }

    expect((await world.request(id)).status).toBe('PENDING')
  })

  it('APP-05 the requester never approves, even with a link that should not exist', async () => {
    const world = aWorld()
    const { id } = await world.asked()
    const bob = world.links.rows.get(world.mailTo('bob').tokenHash)
    if (!bob) throw new Error('no link')
    const token = 'a'.repeat(43)
    const tokenHash = sha256(token)
    world.links.rows.set(tokenHash, { ...bob, tokenHash, approver: 'alice', codeHash: codeHash(tokenHash, '123456') })

    expect(await world.answer(token, { code: '123456' })).toMatchObject({ outcome: 'refused', why: 'own-request' })
    expect((await world.request(id)).decisions).toEqual([])
  })

  it('APP-05 an approver of the next stage cannot answer before it is open', async () => {
    const stages = [aStage(), aStage({ name: 'security', approvers: ['carol'] })]
    const world = aWorld({ access: accessWith({ stages }) })
    const { id } = await world.asked()
    const bob = world.links.rows.get(world.mailTo('bob').tokenHash)
    if (!bob) throw new Error('no link')
    const token = 'c'.repeat(43)
    const tokenHash = sha256(token)
    world.links.rows.set(tokenHash, { ...bob, tokenHash, approver: 'carol', codeHash: codeHash(tokenHash, '123456') })

    expect(await world.answer(token, { code: '123456' })).toMatchObject({ outcome: 'refused', why: 'not-an-approver' })
    expect((await world.request(id)).decisions).toEqual([])
  })

  it('APP-01 a denial ends the request, its wait and tells the requester', async () => {
    const world = aWorld()
    const { id } = await world.asked()

    expect(await world.decide('bob', { decision: 'deny', comment: 'not today' })).toMatchObject({
      outcome: 'decided',
      verdict: 'denied',
    })
    expect(await world.request(id)).toMatchObject({ status: 'DENIED', decisions: [{ comment: 'not today' }] })
    expect((await world.request(id)).grant).toBeUndefined()
    expect(world.workflow.answers).toEqual([{ kind: 'closed', why: 'DENIED' }])
    expect(world.announcer.told.at(-1)).toBe('denied alice')
  })

  it('APP-05 a stage of two needs two people, and the first one wakes nothing', async () => {
    const world = aWorld({
      access: accessWith({ stages: [aStage({ approvers: ['bob', 'carol', 'dave'], quorum: 2 })] }),
    })
    const { id } = await world.asked()

    expect(await world.decide('bob')).toMatchObject({ outcome: 'decided', verdict: 'open' })
    expect(world.workflow.answers).toEqual([])
    expect((await world.request(id)).grant).toBeUndefined()
    expect(await world.decide('carol')).toMatchObject({ outcome: 'decided', verdict: 'approved' })
    expect(await world.events(id)).toEqual(['asked', 'approvers-asked', 'decided', 'approved'])
  })

  it('APP-05 the second link of a person who has approved counts for nothing', async () => {
    const world = aWorld({ access: accessWith({ stages: [aStage({ approvers: ['bob', 'carol'], quorum: 2 })] }) })
    const { id } = await world.asked()
    const first = world.mailTo('bob')
    await world.askApprovers(id, 1)
    const second = world.mailTo('bob')
    const opened = await world.open(second.token)
    if (opened.outcome !== 'open') throw new Error(opened.outcome)
    await world.answer(first.token, { code: first.code })

    expect(await world.open(second.token)).toMatchObject({ outcome: 'answered' })
    expect(
      await decideByLink(world.deps, opened, { decision: 'approve', seen: opened.seen, code: second.code }),
    ).toMatchObject({
      outcome: 'refused',
      why: 'already-decided',
    })
    expect((await world.request(id)).status).toBe('PENDING')
  })

  it('APP-05 the approvers of the next stage are asked as soon as the one before is passed, not reminded', async () => {
    const stages = [aStage(), aStage({ name: 'security', approvers: ['carol'] })]
    const world = aWorld({ access: accessWith({ stages }) })
    const { id } = await world.asked()
    await world.decide('bob')

    for (const { kind } of [...world.workflow.answers]) if (kind === 'stage-passed') await world.goOn(id)

    expect(world.announcer.of('approval-asked').map(({ to, isReminder }) => `${to.id} ${isReminder}`)).toEqual([
      'bob false',
      'carol false',
    ])
    expect(await world.events(id)).toEqual(['asked', 'approvers-asked', 'decided', 'approvers-asked'])
  })

  it('APP-06 the approvers of the next stage are reminded too', async () => {
    const stages = [aStage(), aStage({ name: 'security', approvers: ['carol'] })]
    const world = aWorld({ access: accessWith({ stages }) })
    const { id } = await world.asked()
    await world.decide('bob')

    const { ask } = await world.goOn(id)

    expect(ask.timeoutSeconds).toBeLessThanOrEqual(1800)
  })

  it('APP-05 the approvers of a stage that opened after the last reminder are asked, and their approval is the last', async () => {
    const stages = [aStage(), aStage({ name: 'security', approvers: ['carol'] })]
    const world = aWorld({ access: accessWith({ stages }) })
    const { id } = await world.asked()
    world.clock.step(1800)
    await world.goOn(id)
    await world.decide('bob')
    expect(world.workflow.answers).toEqual([{ kind: 'stage-passed' }])

    await world.goOn(id, 1)

    expect(await world.decide('carol')).toMatchObject({ outcome: 'decided', verdict: 'approved' })
    expect(world.workflow.answers).toEqual([{ kind: 'stage-passed' }, { kind: 'approved', requestId: id }])
  })

  it('APP-05 an approval that leaves its stage open wakes nothing', async () => {
    const stages = [
      aStage({ approvers: ['bob', 'carol'], quorum: 2 }),
      aStage({ name: 'security', approvers: ['dave'] }),
    ]
    const world = aWorld({ access: accessWith({ stages }) })
    await world.asked()

    await world.decide('bob')
    expect(world.workflow.answers).toEqual([])
    await world.decide('carol')
    expect(world.workflow.answers).toEqual([{ kind: 'stage-passed' }])
  })

  it('APP-10 of two approvers at once one wins and the other hears that it is answered', async () => {
    const world = aWorld({ access: accessWith({ stages: [aStage({ approvers: ['bob', 'carol'] })] }) })
    const { id } = await world.asked()

    const answers = await Promise.all([world.decide('bob'), world.decide('carol', { decision: 'deny' })])

    expect(answers.filter(({ outcome }) => outcome === 'decided')).toHaveLength(1)
    expect(answers).toContainEqual(expect.objectContaining({ outcome: 'refused', why: 'not-pending' }))
    expect(await world.events(id)).toHaveLength(3)
    expect(world.workflow.answers).toHaveLength(1)
  })

  it('APP-10 sent twice in one second, as by a double click, is one decision and one event', async () => {
    const world = aWorld({ access: accessWith({ codeRequired: false }) })
    const { id } = await world.asked()

    const answers = await Promise.all([world.decide('bob'), world.decide('bob')])

    expect(answers.filter(({ outcome }) => outcome === 'decided')).toHaveLength(1)
    expect(await world.events(id)).toEqual(['asked', 'approvers-asked', 'approved'])
    expect((await world.request(id)).decisions).toHaveLength(1)
    expect(world.workflow.answers).toHaveLength(1)
  })

  it('APP-10 is written before the execution is woken, so a wake that fails loses nothing', async () => {
    const world = aWorld()
    const { id } = await world.asked()
    world.faults.failNext('workflow.approve')
    await world.decide('bob').catch(() => {})

    expect((await world.request(id)).status).toBe('APPROVED')
    expect(world.workflow.answers).toEqual([])

    await world.climb(id)
    await world.askApprovers(id, 1)
    expect(world.workflow.answers).toEqual([{ kind: 'approved', requestId: id }])
  })

  it('APP-10 that stands is said to stand, whatever becomes of waking the execution', async () => {
    const world = aWorld()
    await world.asked()
    world.faults.failNext('workflow.approve')

    expect(await world.decide('bob')).toMatchObject({ outcome: 'decided', verdict: 'approved' })
  })

  it('APP-10 that could not be written wakes nothing and leaves the link as it was', async () => {
    const world = aWorld()
    const { id } = await world.asked()
    world.faults.failNext('store.commit')

    await expect(world.decide('bob')).rejects.toThrow('store.commit')
    expect(world.workflow.answers).toEqual([])
    expect((await world.request(id)).status).toBe('PENDING')
    expect(await world.decide('bob')).toMatchObject({ outcome: 'decided' })
  })
})
