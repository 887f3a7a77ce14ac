import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { personOfPrincipal } from '../../lambdas/domain/access-file.ts'
import { decide } from '../../lambdas/domain/decide.ts'
import { evaluate } from '../../lambdas/domain/evaluate.ts'
import type { Request } from '../../lambdas/domain/request.ts'
import { aDecision, aRequest, shownOf } from '../support/a-request.ts'
import { anAccessFile, anEntitlement, aPerson, aRule } from '../support/an-access-file.ts'

const PEOPLE = ['alice', 'bob', 'carol', 'dave', 'erin'] as const
const GROUPS = ['one', 'two', 'three', 'four'] as const

const $member = fc.oneof(
  fc.constantFrom(...PEOPLE),
  fc.constantFrom(...GROUPS).map(group => `group:${group}`),
)
const $members = fc.uniqueArray($member, { minLength: 1, maxLength: 5 })
/** Groups in groups, in circles too, and stages of any of them. */
const $file = fc.record({
  groups: fc.record({ one: $members, two: $members, three: $members, four: $members }),
  stages: fc.array(fc.record({ approvers: $members, quorum: fc.integer({ min: 1, max: 3 }) }), {
    minLength: 1,
    maxLength: 3,
  }),
  /** How many IAM users each person has. */
  aliases: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: PEOPLE.length, maxLength: PEOPLE.length }),
})
/** Who answers: a person, and by which of their users. */
const $answers = fc.array(fc.tuple(fc.nat(PEOPLE.length - 1), fc.nat(2)), { maxLength: 20 })

describe('one human with several IAM users, named directly and through groups of groups', () => {
  it('APP-05 never approves their own request, and counts once, whichever user they sign with', () => {
    fc.assert(
      fc.property($file, $answers, fc.constantFrom(...PEOPLE), ({ groups, stages, aliases }, answers, requester) => {
        const principalsOf = (index: number) =>
          Array.from({ length: aliases[index] ?? 1 }, (_, n) => `user/people/${PEOPLE[index]}-${n}`)
        const people = PEOPLE.map((id, index) => aPerson({ id, principals: principalsOf(index) }))
        const entitlement = anEntitlement({
          rules: [aRule({ members: [...PEOPLE] })],
          stages: stages.map((stage, index) => ({ name: `stage ${index}`, ...stage })),
        })
        const access = anAccessFile({ people, groups, entitlements: [entitlement] })
        const ask = { entitlement: entitlement.id, parameters: {} }
        const evaluation = evaluate(access, requester, ask, new Date('2027-03-01T10:00:00Z'))
        if (evaluation.outcome !== 'allowed') return

        let request: Request = aRequest({ requester, stages: evaluation.stages })
        for (const [index, alias] of answers) {
          const [principal = ''] = principalsOf(index).slice(alias % (aliases[index] ?? 1))
          const approver = personOfPrincipal(access, `arn:aws:iam::111122223333:${principal}`)?.id ?? ''
          const answer = decide(request, aDecision(request, { approver, via: 'signed' }), shownOf(request))
          if (answer.outcome === 'decided') request = answer.transition.to
        }

        const approvers = request.decisions.map(({ approver }) => approver)
        expect(evaluation.stages.flatMap(stage => stage.approvers)).not.toContain(requester)
        expect(approvers).not.toContain(requester)
        expect(new Set(approvers).size).toBe(approvers.length)
        if (request.status === 'APPROVED')
          expect(approvers).toHaveLength(stages.reduce((sum, { quorum }) => sum + quorum, 0))
      }),
      { numRuns: 500 },
    )
  })
})
