import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { AccessFile, Rule, Stage } from '../../lambdas/domain/access-file.ts'
import { type Ask, eligibleEntitlements, evaluate } from '../../lambdas/domain/evaluate.ts'
import { plusSeconds } from '../../lambdas/domain/instant.ts'
import type { MemberRef } from '../../lambdas/domain/member-ref.ts'
import { FARTHEST_START_SECONDS } from '../../lambdas/domain/timing.ts'
import { anAccessFile, anEntitlement, aRule, aStage, CAST } from '../support/an-access-file.ts'

const NOW = new Date('2027-03-01T10:00:00Z')
const NEVER: Rule = { name: 'a-never', effect: 'deny', members: ['group:a'] }

const $ref: fc.Arbitrary<MemberRef> = fc.constantFrom(...CAST, 'group:a', 'group:b', 'group:c')
const $refs = fc.array($ref, { minLength: 1, maxLength: 4 })
const $person = fc.constantFrom(...CAST)
const $rule: fc.Arbitrary<Rule> = fc.record({
  name: fc.stringMatching(/^[b-z]{1,4}$/),
  effect: fc.constantFrom('allow', 'allow', 'allow', 'deny'),
  members: $refs,
  maximumSeconds: fc.option(fc.integer({ min: 300, max: 14_400 }), { nil: undefined }),
})
const $rules = fc.uniqueArray($rule, { selector: ({ name }) => name, maxLength: 6 })
const $stages: fc.Arbitrary<readonly Stage[]> = fc.array(
  fc.record({ name: fc.constantFrom('owner', 'security'), approvers: $refs, quorum: fc.integer({ min: 1, max: 3 }) }),
  { minLength: 1, maxLength: 3 },
)
const $groups = fc.record({ a: $refs, b: $refs, c: $refs })
const $ask: fc.Arbitrary<Ask> = fc.record({
  entitlement: fc.constant('logs-read'),
  durationSeconds: fc.option(fc.integer({ min: 0, max: 16_000 }), { nil: undefined }),
  parameters: fc.constant({}),
  earliestStart: fc.option(
    fc.integer({ min: -1000, max: FARTHEST_START_SECONDS + 1000 }).map(seconds => plusSeconds(NOW, seconds)),
    { nil: undefined },
  ),
})

describe('whatever the access file says', () => {
  it('REQ-02 the order of the rules does not matter', () => {
    const $both = $rules.chain(rules =>
      fc.tuple(fc.constant(rules), fc.shuffledSubarray(rules, { minLength: rules.length })),
    )
    fc.assert(
      fc.property($both, $groups, $stages, $person, $ask, ([rules, shuffled], groups, stages, who, ask) => {
        const one = evaluate(withRules(rules, { groups, stages }), who, ask, NOW)

        expect(evaluate(withRules(shuffled, { groups, stages }), who, ask, NOW)).toEqual(one)
      }),
      { numRuns: 400 },
    )
  })

  it('REQ-02 another deny rule never allows more', () => {
    fc.assert(
      fc.property($rules, $groups, $refs, $person, $ask, (rules, groups, members, who, ask) => {
        const before = evaluate(withRules(rules, { groups }), who, ask, NOW)
        const after = evaluate(withRules([...rules, { ...NEVER, members }], { groups }), who, ask, NOW)

        if (after.outcome === 'allowed') expect(before).toEqual(after)
        if (before.outcome === 'refused') expect(after.outcome).toBe('refused')
      }),
      { numRuns: 400 },
    )
  })

  it('REQ-02 whom a deny rule names is never allowed', () => {
    fc.assert(
      fc.property($rules, $groups, $person, $ask, (rules, groups, who, ask) => {
        const access = withRules([...rules, { ...NEVER, members: [who] }], { groups })

        expect(evaluate(access, who, ask, NOW)).toMatchObject({ outcome: 'refused', code: 'not-eligible' })
      }),
    )
  })

  it('REQ-02 another allow rule never allows less', () => {
    fc.assert(
      fc.property($rules, $rule, $groups, $person, $ask, (rules, rule, groups, who, ask) => {
        const more: Rule = { ...rule, name: 'a-more', effect: 'allow' }
        const before = evaluate(withRules(rules, { groups }), who, ask, NOW)
        const after = evaluate(withRules([more, ...rules], { groups }), who, ask, NOW)

        if (before.outcome === 'allowed') expect(after.outcome).toBe('allowed')
        if (before.outcome === 'allowed' && after.outcome === 'allowed') {
          expect(after.maximumSeconds).toBeGreaterThanOrEqual(before.maximumSeconds)
        }
      }),
      { numRuns: 400 },
    )
  })

  it('APP-05 the requester is never among the approvers', () => {
    fc.assert(
      fc.property($groups, $stages, $person, (groups, stages, who) => {
        const access = withRules([aRule({ members: [who] })], { groups, stages })
        const said = evaluate(access, who, { entitlement: 'logs-read', parameters: {} }, NOW)
        const shown = eligibleEntitlements(access, who, NOW)

        if (said.outcome === 'allowed') {
          expect(said.stages.flatMap(({ approvers }) => approvers)).not.toContain(who)
          for (const { approvers, quorum } of said.stages) {
            expect(new Set(approvers).size).toBe(approvers.length)
            expect(approvers.length).toBeGreaterThanOrEqual(quorum)
          }
        }
        expect(shown.flatMap(entry => entry.stages.flatMap(({ approvers }) => approvers))).not.toContain(who)
      }),
      { numRuns: 400 },
    )
  })

  it('REQ-04 what is allowed lies between the shortest grant and the limit of a rule that names the person', () => {
    fc.assert(
      fc.property($rules, $groups, $person, $ask, (rules, groups, who, ask) => {
        const said = evaluate(withRules(rules, { groups }), who, ask, NOW)
        if (said.outcome === 'refused') return
        const rule = rules.find(({ name }) => name === said.rule)

        expect(rule?.effect).toBe('allow')
        expect(said.maximumSeconds).toBe(Math.min(rule?.maximumSeconds ?? 7200, 7200))
        expect(said.durationSeconds).toBe(ask.durationSeconds ?? Math.min(1800, said.maximumSeconds))
        expect(said.durationSeconds).toBeGreaterThanOrEqual(300)
        expect(said.durationSeconds).toBeLessThanOrEqual(said.maximumSeconds)
      }),
      { numRuns: 400 },
    )
  })

  it('APP-12 judging is judging again: the same ask gives the same answer and changes nothing', () => {
    fc.assert(
      fc.property($rules, $groups, $stages, $person, $ask, (rules, groups, stages, who, ask) => {
        const access = withRules(rules, { groups, stages })
        const before = structuredClone(access)

        expect(evaluate(access, who, ask, NOW)).toEqual(evaluate(access, who, ask, NOW))
        expect(access).toEqual(before)
      }),
    )
  })

  it('REQ-08 what is listed as open is what is allowed', () => {
    fc.assert(
      fc.property($rules, $groups, $person, (rules, groups, who) => {
        const access = withRules(rules, { groups })
        const listed = eligibleEntitlements(access, who, NOW).map(({ entitlement }) => entitlement.id)
        const said = evaluate(access, who, { entitlement: 'logs-read', parameters: {} }, NOW)

        expect(listed.includes('logs-read')).toBe(said.outcome === 'allowed' || said.code !== 'not-eligible')
      }),
    )
  })
})

describe('what a person may ask for', () => {
  it('REQ-08 is listed with the matched rule, its limit and the stages without the person', () => {
    const access = anAccessFile({
      groups: { owners: ['alice', 'bob'] },
      entitlements: [
        anEntitlement({
          id: 'mine',
          rules: [aRule({ maximumSeconds: 900 })],
          stages: [aStage({ approvers: ['group:owners'] })],
        }),
        anEntitlement({ id: 'denied', rules: [aRule(), aRule({ name: 'no', effect: 'deny' })] }),
        anEntitlement({ id: 'of-others', rules: [aRule({ members: ['bob'] })] }),
      ],
    })

    expect(eligibleEntitlements(access, 'alice', NOW)).toEqual([
      {
        entitlement: access.entitlements.mine,
        rule: 'alice',
        maximumSeconds: 900,
        stages: [{ name: 'owner', approvers: ['bob'], quorum: 1 }],
      },
    ])
    expect(eligibleEntitlements(access, 'nobody', NOW)).toEqual([])
  })
})

/** An access file with one entitlement, `logs-read`, of these rules. */
function withRules(
  rules: readonly Rule[],
  { groups = {}, stages }: { groups?: AccessFile['groups']; stages?: readonly Stage[] },
): AccessFile {
  const approvers = ['bob', 'carol']
  const entitlement = anEntitlement({ title: 't', description: 'd', rules, stages: stages ?? [aStage({ approvers })] })
  return anAccessFile({ groups, entitlements: [entitlement] })
}
