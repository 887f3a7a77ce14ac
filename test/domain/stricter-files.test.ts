import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { AccessFile, Entitlement } from '../../lambdas/domain/access-file.ts'
import { unmannedStage } from '../../lambdas/domain/asked-stages.ts'
import { type Ask, evaluate } from '../../lambdas/domain/evaluate.ts'
import { plusSeconds } from '../../lambdas/domain/instant.ts'
import type { Past } from '../../lambdas/domain/past.ts'
import { anAccessFile, anEntitlement } from '../support/an-access-file.ts'

/** Few, so that what one part of a file says meets what another does. */
const PEOPLE = ['alice', 'bob', 'carol', 'dave'] as const
/** Monday in office hours, Monday at night, and Tuesday, on which nobody works. */
const INSTANTS = ['2027-03-01T10:00:00Z', '2027-03-01T21:00:00Z', '2027-03-02T10:00:00Z'] as const
const OFFICE = { days: ['mon'], from: '09:00', to: '17:00' } as const
const NIGHT = { days: ['mon'], from: '20:00', to: '23:00' } as const

const $person = fc.constantFrom(...PEOPLE)
const $refs = fc.array(fc.constantFrom(...PEOPLE, 'group:a', 'group:b'), { minLength: 1, maxLength: 4 })
const $seconds = fc.integer({ min: 1, max: 24 }).map(steps => steps * 300)
const $rule = fc.record({
  name: fc.stringMatching(/^[a-z]{1,3}$/),
  effect: fc.constantFrom('allow', 'allow', 'allow', 'deny'),
  members: $refs,
  maximumSeconds: fc.option($seconds, { nil: undefined }),
})
const $automatic = fc.record({
  name: fc.stringMatching(/^[a-z]{1,3}$/),
  members: $refs,
  maximumSeconds: $seconds,
  mostPerWeek: fc.integer({ min: 1, max: 3 }),
  isWithinHours: fc.boolean(),
})
const $stage = fc.record({
  name: fc.constantFrom('owner', 'security', 'audit'),
  approvers: $refs,
  quorum: fc.integer({ min: 1, max: 2 }),
  escalateTo: fc.option($refs, { nil: undefined }),
})
const $entitlement: fc.Arbitrary<Entitlement> = fc
  .record({
    risk: fc.constantFrom('low', 'medium', 'medium', 'high'),
    rules: fc.array($rule, { minLength: 1, maxLength: 4 }),
    stages: fc.uniqueArray($stage, { selector: ({ name }) => name, minLength: 1, maxLength: 2 }),
    automatic: fc.option(fc.array($automatic, { minLength: 1, maxLength: 2 }), { nil: undefined }),
    breakGlass: fc.option(
      fc.record({ members: $refs, maximumSeconds: $seconds, reviewers: $refs, reviewWithinSeconds: $seconds }),
      { nil: undefined },
    ),
    caps: fc.option(
      fc.record({
        mostOpen: fc.integer({ min: 1, max: 4 }),
        mostPerWeek: fc.integer({ min: 1, max: 4 }),
        mostSecondsPerWeek: $seconds,
      }),
      { nil: undefined },
    ),
  })
  .map(parts => anEntitlement({ title: 't', description: 'd', ...parts }))
const $access: fc.Arbitrary<AccessFile> = fc
  .record({ entitlement: $entitlement, a: $refs, b: $refs, hasHours: fc.boolean() })
  .map(({ entitlement, a, b, hasHours }) =>
    anAccessFile({
      groups: { a, b },
      entitlements: [entitlement],
      hours: hasHours ? { timezone: 'UTC', spans: [OFFICE, NIGHT], holidays: [] } : undefined,
    }),
  )

/** The duration is always named: what a file gives who names none is another ask under another maximum. */
const $ask: fc.Arbitrary<Ask> = fc.record({
  entitlement: fc.constant('logs-read'),
  durationSeconds: $seconds,
  parameters: fc.constant({}),
  isBreakGlass: fc.boolean(),
})
const $past: fc.Arbitrary<Past> = fc.record({
  uses: fc.array(
    fc.record({
      requestId: fc.constant('R'),
      entitlement: fc.constant('logs-read'),
      at: fc.integer({ min: 1, max: 400_000 }).map(seconds => plusSeconds(new Date(INSTANTS[0]), -seconds)),
      seconds: $seconds,
      how: fc.constantFrom('asked', 'automatic'),
      isOpen: fc.boolean(),
    }),
    { maxLength: 3 },
  ),
})

type Change = (entitlement: Entitlement) => Partial<Entitlement>

/** What makes an entitlement stricter. Each changes something wherever there is something to change. */
const STRICTER: Readonly<Record<string, Change>> = {
  'an allowing rule names fewer': ({ rules }) => ({
    rules: rules.map(rule => (rule.effect === 'allow' ? { ...rule, members: rule.members.slice(1) } : rule)),
  }),
  'an allowing rule is gone': ({ rules }) => ({
    rules: rules.filter((rule, index) => index > 0 || rule.effect === 'deny'),
  }),
  'a deny rule more': ({ rules }) => ({ rules: [...rules, { name: 'no', effect: 'deny', members: ['group:a'] }] }),
  'a deny rule names more': ({ rules }) => ({
    rules: rules.map(rule => (rule.effect === 'deny' ? { ...rule, members: [...rule.members, 'group:b'] } : rule)),
  }),
  'a lower maximum': ({ duration }) => ({ duration: { ...duration, maximumSeconds: 1500 } }),
  'lower maxima of rules': ({ rules }) => ({
    rules: rules.map(rule => ({ ...rule, maximumSeconds: Math.min(rule.maximumSeconds ?? Infinity, 1200) })),
  }),
  'higher quorums': ({ stages }) => ({ stages: stages.map(stage => ({ ...stage, quorum: stage.quorum + 1 })) }),
  'fewer approvers': ({ stages }) => ({
    stages: stages.map(stage => ({ ...stage, approvers: stage.approvers.slice(1) })),
  }),
  'nobody asked too': ({ stages }) => ({ stages: stages.map(stage => ({ ...stage, escalateTo: undefined })) }),
  'a stage more': ({ stages }) => ({ stages: [...stages, { name: 'more', approvers: ['group:b'], quorum: 1 }] }),
  'an automatic rule less': ({ automatic }) => ({ automatic: automatic?.slice(1) }),
  'automatic rules for fewer': ({ automatic }) => ({
    automatic: automatic?.map(rule => ({ ...rule, members: rule.members.slice(1) })),
  }),
  'automatic rules for shorter': ({ automatic }) => ({
    automatic: automatic?.map(rule => ({ ...rule, maximumSeconds: rule.maximumSeconds / 2 })),
  }),
  'automatic rules less often': ({ automatic }) => ({
    automatic: automatic?.map(rule => ({ ...rule, mostPerWeek: rule.mostPerWeek - 1 })),
  }),
  'automatic rules in working time': ({ automatic }) => ({
    automatic: automatic?.map(rule => ({ ...rule, isWithinHours: true })),
  }),
  'high risk': () => ({ risk: 'high' }),
  'signed decisions': () => ({ assurance: 'signed' }),
  'no emergencies': () => ({ breakGlass: undefined }),
  'shorter emergencies': ({ breakGlass }) => ({
    breakGlass: breakGlass && { ...breakGlass, maximumSeconds: breakGlass.maximumSeconds / 2 },
  }),
  'fewer reviewers': ({ breakGlass }) => ({
    breakGlass: breakGlass && { ...breakGlass, reviewers: breakGlass.reviewers.slice(1) },
  }),
  'caps, or lower ones': ({ caps }) => ({
    caps: {
      mostOpen: Math.min(caps?.mostOpen ?? Infinity, 2),
      mostPerWeek: Math.min(caps?.mostPerWeek ?? Infinity, 2),
      mostSecondsPerWeek: Math.min(caps?.mostSecondsPerWeek ?? Infinity, 3600),
    },
  }),
}

/** An ask, and who would approve it. */
const $case = fc.record({
  access: $access,
  who: $person,
  ask: $ask,
  past: $past,
  at: fc.constantFrom(...INSTANTS).map(instant => new Date(instant)),
  agreeing: fc.subarray([...PEOPLE]),
})
type Case = typeof $case extends fc.Arbitrary<infer Value> ? Value : never

describe('a stricter access file', () => {
  it.each(Object.entries(STRICTER))('APP-12 never approves more: %s', (_, change) => {
    fc.assert(
      fc.property($case, each => !isApproved(changed(each, change)) || isApproved(each)),
      { numRuns: 200 },
    )
  })

  it('APP-12 approves less, each in its way', () => {
    const approved = fc.sample($case, { seed: 1, numRuns: 3500 }).filter(isApproved)
    const idle = Object.entries(STRICTER).filter(([, change]) =>
      approved.every(each => isApproved(changed(each, change))),
    )

    expect(approved.length).toBeGreaterThan(150)
    expect(idle.map(([name]) => name)).toEqual([])
  })

  it('APP-12 never approves more by rule: hours without the night', () => {
    fc.assert(
      fc.property($case, ({ access, who, ask, at, past }) => {
        const hours = { timezone: 'UTC', spans: [OFFICE], holidays: [] }
        const after = evaluate({ ...access, hours }, who, ask, at, past)
        const before = evaluate(access, who, ask, at, past)

        if (after.outcome === 'allowed' && after.automatic !== undefined)
          expect(before).toMatchObject({ automatic: expect.any(String) })
      }),
      { numRuns: 500 },
    )
  })

  it('APP-12 is the same file when its lists are in another order', () => {
    fc.assert(
      fc.property($case, each => {
        const turned = changed(each, ({ rules, stages, automatic }) => ({
          rules: rules.map(rule => ({ ...rule, members: rule.members.toReversed() })).toReversed(),
          stages: stages.map(stage => ({ ...stage, approvers: stage.approvers.toReversed() })),
          automatic: automatic?.toReversed(),
        }))

        return isApproved(turned) === isApproved(each)
      }),
      { numRuns: 500 },
    )
  })
})

/** Whether the ask ends in a grant when all these people, asked at once or later, approve it. */
function isApproved({ access, who, ask, past, at, agreeing }: Case): boolean {
  const said = evaluate(access, who, ask, at, past)
  if (said.outcome === 'refused') return false
  if (said.automatic !== undefined || (said.emergency && !said.emergency.openDebt)) return true
  const agreed = (ids: readonly string[]) => ids.filter(id => agreeing.some(one => one === id))
  return !unmannedStage(
    said.stages.map(({ approvers, escalateTo = [], ...stage }) => ({
      ...stage,
      approvers: agreed(approvers),
      escalateTo: agreed(escalateTo),
    })),
  )
}

function changed(each: Case, change: Change): Case {
  const entitlements = Object.entries(each.access.entitlements).map(([id, one]) => [id, { ...one, ...change(one) }])
  return { ...each, access: { ...each.access, entitlements: Object.fromEntries(entitlements) } }
}
