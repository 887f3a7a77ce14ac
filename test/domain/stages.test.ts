import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { decide } from '../../lambdas/domain/decide.ts'
import { plusSeconds } from '../../lambdas/domain/instant.ts'
import type { AskedStage, Decision, Request } from '../../lambdas/domain/request.ts'
import { progressOf, standing } from '../../lambdas/domain/stages.ts'
import { ASKED_AT, aDecision, aRequest, shownOf } from '../support/a-request.ts'

const PEOPLE = ['bob', 'carol', 'dave', 'erin', 'frank'] as const

const $stages: fc.Arbitrary<readonly AskedStage[]> = fc
  .array(fc.shuffledSubarray([...PEOPLE], { minLength: 1 }), { minLength: 1, maxLength: 3 })
  .chain(lists =>
    fc.tuple(
      ...lists.map((approvers, index) =>
        fc
          .integer({ min: 1, max: approvers.length })
          .map(quorum => ({ name: `stage ${index + 1}`, approvers, quorum })),
      ),
    ),
  )
const $answers = fc.array(fc.constantFrom(...PEOPLE), { maxLength: 15 })

describe('where an approval stands', () => {
  it('APP-05 opens with the first stage', () => {
    const stages = [aStage('owner', ['bob']), aStage('security', ['carol'])]

    expect(standing(stages, [])).toEqual({ outcome: 'open', stage: stages[0], index: 0 })
  })

  it('APP-05 moves to the next stage when the quorum of the first is reached, and not before', () => {
    const stages = [aStage('owner', ['bob', 'carol', 'dave'], 2), aStage('security', ['erin'])]

    expect(standing(stages, approvals('carol'))).toMatchObject({ outcome: 'open', index: 0 })
    expect(standing(stages, approvals('carol', 'dave'))).toMatchObject({ outcome: 'open', index: 1 })
    expect(standing(stages, approvals('carol', 'dave', 'erin'))).toEqual({ outcome: 'approved' })
  })

  it('APP-05 counts an approval in the stage that was open when it was made, whatever the order of the lists', () => {
    const stages = [aStage('owner', ['bob', 'carol']), aStage('security', ['bob', 'dave'])]

    expect(standing(stages, approvals('carol', 'bob'))).toEqual({ outcome: 'approved' })
    expect(standing(stages, approvals('bob', 'dave'))).toEqual({ outcome: 'approved' })
  })

  it('APP-05 does not count one approval in two stages', () => {
    const stages = [aStage('owner', ['bob', 'carol']), aStage('security', ['bob', 'dave'])]

    expect(standing(stages, approvals('bob'))).toMatchObject({ outcome: 'open', index: 1 })
  })

  it('APP-05 does not count one person twice, in one stage or in two', () => {
    const twoOfOne = [aStage('owner', ['bob', 'carol'], 2)]
    const both = [aStage('owner', ['bob', 'carol']), aStage('security', ['bob', 'dave'])]

    expect(standing(twoOfOne, approvals('bob', 'bob'))).toMatchObject({ outcome: 'open', index: 0 })
    expect(standing(both, approvals('bob', 'bob'))).toMatchObject({ outcome: 'open', index: 1 })
  })

  it('APP-05 does not count whom no stage names', () => {
    expect(standing([aStage('owner', ['bob'])], approvals('mallory'))).toMatchObject({ outcome: 'open', index: 0 })
  })

  it('APP-05 is denied by one denial, whatever was approved before or after', () => {
    const [approved] = approvals('bob')
    const denied: Decision = { decision: 'deny', approver: 'carol', at: ASKED_AT, seen: '' }
    const stages = [aStage('owner', ['bob', 'carol'])]

    expect(standing(stages, [denied])).toEqual({ outcome: 'denied' })
    expect(
      standing(
        stages,
        [approved, denied].flatMap(decision => decision ?? []),
      ),
    ).toEqual({ outcome: 'denied' })
    expect(
      standing(
        stages,
        [denied, approved].flatMap(decision => decision ?? []),
      ),
    ).toEqual({ outcome: 'denied' })
  })
})

describe('whoever answers and in whatever order', () => {
  it('APP-05 the quorum counts people: a request is approved by exactly as many as its stages need together', () => {
    fc.assert(
      fc.property($stages, $answers, (stages, answers) => {
        const { status, decisions } = answered(stages, answers)
        const needed = stages.reduce((sum, { quorum }) => sum + quorum, 0)
        const people = new Set(decisions.map(({ approver }) => approver)).size

        expect(people).toBe(decisions.length)
        expect(status === 'APPROVED').toBe(people === needed)
        expect(people).toBeLessThanOrEqual(needed)
      }),
      { numRuns: 300 },
    )
  })

  it('APP-05 nobody counts in two stages, and each counts in a stage that names them, in order', () => {
    fc.assert(
      fc.property($stages, $answers, (stages, answers) => {
        const { decisions } = answered(stages, answers)
        const seats = stages.flatMap(({ approvers, quorum }) => Array.from({ length: quorum }, () => approvers))

        for (const [index, { approver }] of decisions.entries()) expect(seats[index]).toContain(approver)
        expect(new Set(decisions.map(({ approver }) => approver)).size).toBe(decisions.length)
      }),
      { numRuns: 300 },
    )
  })

  it('APP-05 the order of the names in a stage means nothing', () => {
    fc.assert(
      fc.property($stages, $answers, (stages, answers) => {
        const turned = stages.map(stage => ({ ...stage, approvers: stage.approvers.toReversed() }))

        const who = (request: Request) => request.decisions.map(({ approver }) => approver)
        expect(who(answered(turned, answers))).toEqual(who(answered(stages, answers)))
        expect(answered(turned, answers).status).toBe(answered(stages, answers).status)
      }),
      { numRuns: 200 },
    )
  })

  it('APP-05 whoever denies while the stage is theirs ends it', () => {
    fc.assert(
      fc.property($stages, $answers, (stages, answers) => {
        const request = answered(stages, answers)
        const open = standing(request.stages, request.decisions)
        fc.pre(open.outcome === 'open' && request.status === 'PENDING')
        const left = PEOPLE.filter(person => request.decisions.every(({ approver }) => approver !== person))
        const denier = open.outcome === 'open' ? left.find(person => open.stage.approvers.includes(person)) : undefined
        fc.pre(denier !== undefined)

        const answer = decide(
          request,
          aDecision(request, { decision: 'deny', approver: denier ?? '' }),
          shownOf(request),
        )

        expect(answer).toMatchObject({
          outcome: 'decided',
          verdict: 'denied',
          transition: { to: { status: 'DENIED' } },
        })
      }),
    )
  })
})

describe('how far the stages are', () => {
  it('APP-05 tells who agreed in which stage, and how many each still needs', () => {
    const stages = [aStage('owner', ['bob', 'carol', 'dave'], 2), aStage('security', ['erin', 'frank'], 1)]

    expect(
      progressOf(stages, approvals('carol', 'dave')).map(({ approvals: given, missing }) => [
        given.map(({ approver }) => approver),
        missing,
      ]),
    ).toEqual([
      [['carol', 'dave'], 0],
      [[], 1],
    ])
  })

  it('APP-05 every decision that was taken counts in exactly one stage, and no stage has more than it needs', () => {
    fc.assert(
      fc.property($stages, $answers, (stages, answers) => {
        const { decisions } = answered(stages, answers)
        const progress = progressOf(stages, decisions)

        expect(progress.flatMap(({ approvals: given }) => given)).toEqual(decisions)
        for (const { stage, approvals: given, missing } of progress) {
          expect(given.length + missing).toBe(stage.quorum)
          expect(missing).toBeGreaterThanOrEqual(0)
        }
      }),
      { numRuns: 200 },
    )
  })
})

/** What a request has become when these people approve one after the other; answers that are refused change nothing. */
function answered(stages: readonly AskedStage[], approvers: readonly string[]): Request {
  return approvers.reduce((request, approver, index) => {
    const decision = aDecision(request, { approver, at: plusSeconds(ASKED_AT, index + 1) })
    const answer = decide(request, decision, shownOf(request))
    return answer.outcome === 'decided' ? answer.transition.to : request
  }, aRequest({ stages }))
}

function aStage(name: string, approvers: readonly string[], quorum = 1): AskedStage {
  return { name, approvers, quorum }
}

function approvals(...approvers: readonly string[]): readonly Decision[] {
  return approvers.map(approver => ({ decision: 'approve', approver, at: ASKED_AT, seen: '' }))
}
