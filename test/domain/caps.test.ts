import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { fittingRules } from '../../lambdas/domain/automatic.ts'
import { capReached, capsLeft } from '../../lambdas/domain/caps.ts'
import { evaluate } from '../../lambdas/domain/evaluate.ts'
import { plusSeconds } from '../../lambdas/domain/instant.ts'
import { MOST_KEPT, stillCounting, type Use, WEEK_SECONDS } from '../../lambdas/domain/uses.ts'
import { anAccessFile, anEntitlement, aRule } from '../support/an-access-file.ts'

const NOW = new Date('2027-03-08T10:00:00Z')
const RULE = { name: 'small reads', members: ['alice'], maximumSeconds: 3600, mostPerWeek: 2, isWithinHours: false }

let count = 0
function aUse(overrides: Partial<Use> & { readonly ago?: number } = {}): Use {
  const { ago = 3600, ...rest } = overrides
  count += 1
  const requestId = `01${String(count).padStart(24, '0')}`
  const at = plusSeconds(NOW, -ago)
  return { requestId, entitlement: 'logs-read', at, seconds: 3600, how: 'asked', isOpen: false, ...rest }
}

const ask = (durationSeconds = 3600) => ({ entitlement: 'logs-read', durationSeconds, parameters: {} })

describe('caps', () => {
  it('REQ-10 open requests are counted however old they are, and the refusal says the number', () => {
    const entitlement = anEntitlement({ caps: { mostOpen: 2 } })
    const uses = [aUse({ isOpen: true, ago: 2 * WEEK_SECONDS }), aUse({ isOpen: true }), aUse({ entitlement: 'other' })]

    expect(capReached(entitlement, ask(), uses.slice(1), NOW)).toBeUndefined()
    expect(capReached(entitlement, ask(), uses, NOW)).toEqual({
      detail: '2 requests of logs-read are open; the cap is 2',
      wouldPass: 'the same request when one of them is over',
    })
  })

  it('REQ-10 the request that is prolonged is not counted as open, any other is', () => {
    const entitlement = anEntitlement({ caps: { mostOpen: 1 } })
    const [one, two] = [aUse({ isOpen: true }), aUse({ isOpen: true })]

    expect(capReached(entitlement, { ...ask(), extends: one.requestId }, [one], NOW)).toBeUndefined()
    expect(capReached(entitlement, { ...ask(), extends: one.requestId }, [one, two], NOW)).toBeDefined()
  })

  it('REQ-10 grants of seven days are counted to the second, and the refusal says when the same would pass', () => {
    const entitlement = anEntitlement({ caps: { mostPerWeek: 2 } })
    const oldest = aUse({ ago: WEEK_SECONDS - 1 })

    expect(capReached(entitlement, ask(), [oldest, aUse()], NOW)).toEqual({
      detail: '2 grants of logs-read in the last seven days; the cap is 2',
      wouldPass: 'the same request from 2027-03-08T10:00:01Z',
    })
    expect(capReached(entitlement, ask(), [oldest, aUse()], plusSeconds(NOW, 1))).toBeUndefined()
  })

  it('REQ-10 their time together is counted, and the refusal says what is left and when the same would pass', () => {
    const entitlement = anEntitlement({ caps: { mostSecondsPerWeek: 3 * 3600 } })
    const uses = [aUse({ ago: 6 * 86_400, seconds: 3600 }), aUse({ ago: 86_400, seconds: 5400 })]

    expect(capReached(entitlement, ask(1800), uses, NOW)).toBeUndefined()
    expect(capReached(entitlement, ask(3600), uses, NOW)).toEqual({
      detail: 'PT2H30M of logs-read in the last seven days and PT1H more; the cap is PT3H',
      wouldPass: 'PT30M or less, or the same request from 2027-03-09T10:00:00Z',
    })
    expect(capReached(entitlement, ask(7200), uses, NOW)?.wouldPass).toBe(
      'PT30M or less, or the same request from 2027-03-14T10:00:00Z',
    )
    expect(capReached(entitlement, ask(4 * 3600), uses, NOW)?.wouldPass).toBe('PT30M or less')
  })

  it('REQ-10 what is said to pass does pass at that time, and not a second before', () => {
    const $uses = fc.array(
      fc.record({ ago: fc.integer({ min: 1, max: WEEK_SECONDS + 3600 }), seconds: fc.integer({ min: 60, max: 9000 }) }),
      { maxLength: 12 },
    )
    const $caps = fc.record({
      mostPerWeek: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
      mostSecondsPerWeek: fc.option(fc.integer({ min: 9000, max: 30_000 }), { nil: undefined }),
    })
    fc.assert(
      fc.property($uses, $caps, fc.integer({ min: 60, max: 9000 }), (had, caps, seconds) => {
        const entitlement = anEntitlement({ caps })
        const uses = had.map(each => aUse(each))
        const reached = capReached(entitlement, ask(seconds), uses, NOW)
        const from = /from (\S+Z)$/.exec(reached?.wouldPass ?? '')?.[1]
        if (!reached || from === undefined) return
        const at = new Date(from)

        expect(capReached(entitlement, ask(seconds), uses, at)?.detail).not.toBe(reached.detail)
        const before = capReached(entitlement, ask(seconds), uses, plusSeconds(at, -1))
        expect(before).toBeDefined()
      }),
      { numRuns: 500 },
    )
  })

  it('REQ-10 what is left is what the caps say less what was had', () => {
    const entitlement = anEntitlement({ caps: { mostOpen: 2, mostPerWeek: 3, mostSecondsPerWeek: 7200 } })
    const uses = [aUse({ isOpen: true }), aUse({ ago: 2 * WEEK_SECONDS }), aUse({ entitlement: 'other', isOpen: true })]

    expect(capsLeft(entitlement, uses, NOW)).toEqual({ mostOpen: 1, mostPerWeek: 2, mostSecondsPerWeek: 3600 })
    expect(capsLeft(anEntitlement(), uses, NOW)).toEqual({})
  })

  it('REQ-10 no more is counted than a row can keep', () => {
    const uses = Array.from({ length: MOST_KEPT }, () => aUse({ entitlement: 'other' }))

    expect(capReached(anEntitlement({ caps: {} }), ask(), uses, NOW)?.detail).toContain('1000 requests')
    expect(capReached(anEntitlement({ caps: {} }), ask(), uses.slice(1), NOW)).toBeUndefined()
  })

  it('REQ-10 what is older than seven days and over no longer counts; what is open stays', () => {
    const [recent, old, open] = [aUse(), aUse({ ago: WEEK_SECONDS }), aUse({ ago: WEEK_SECONDS, isOpen: true })]

    expect(stillCounting([recent, old, open], NOW)).toEqual([recent, open])
  })

  it('REQ-10 the evaluator refuses by code cap-reached, and only where it knows what was had', () => {
    const access = anAccessFile({ entitlements: [anEntitlement({ caps: { mostPerWeek: 1 } })] })

    expect(evaluate(access, 'alice', ask(), NOW, { uses: [aUse()] })).toMatchObject({
      outcome: 'refused',
      code: 'cap-reached',
      rule: 'caps',
    })
    expect(evaluate(access, 'alice', ask(), NOW, { uses: [] }).outcome).toBe('allowed')
    expect(evaluate(access, 'alice', ask(), NOW).outcome).toBe('allowed')
  })
})

describe('automatic rules', () => {
  const automatic = (overrides = {}, had: readonly Use[] = [], asked = ask(), now = NOW, ofFile = {}) => {
    const entitlement = anEntitlement({ risk: 'low', automatic: [RULE], ...overrides })
    const evaluation = evaluate(anAccessFile({ entitlements: [entitlement], ...ofFile }), 'alice', asked, now, {
      uses: had,
    })
    return evaluation.outcome === 'allowed' ? evaluation.automatic : evaluation.code
  }

  it('APP-07 fit an ask of a member that is short enough', () => {
    expect(automatic()).toBe('small reads')
    expect(automatic({}, [], ask(3601))).toBeUndefined()
    expect(automatic({ automatic: [{ ...RULE, members: ['carol'] }] })).toBeUndefined()
    expect(automatic({ automatic: undefined })).toBeUndefined()
  })

  it('APP-07 hold so often in seven days; what people approved does not count against them', () => {
    const had = [aUse({ how: 'automatic' }), aUse({ how: 'automatic', ago: WEEK_SECONDS - 1 })]

    expect(automatic({}, [...had, aUse()])).toBeUndefined()
    expect(automatic({}, had, ask(), plusSeconds(NOW, 1))).toBe('small reads')
    expect(automatic({}, [aUse(), aUse(), aUse(), had[0] ?? aUse()])).toBe('small reads')
  })

  it('APP-07 never hold for what is of high risk, or demands signed decisions', () => {
    expect(automatic({ risk: 'medium' })).toBe('small reads')
    expect(automatic({ risk: 'high' })).toBeUndefined()
    expect(automatic({ assurance: 'signed' })).toBeUndefined()
  })

  it('APP-07 that hold within hours need now and the start to be within them', () => {
    const hours = { timezone: 'UTC', spans: [{ days: ['mon' as const], from: '08:00', to: '18:00' }], holidays: [] }
    const rule = { automatic: [{ ...RULE, isWithinHours: true }] }
    const evening = { ...ask(), earliestStart: new Date('2027-03-08T19:00:00Z') }

    expect(automatic(rule, [], ask(), NOW, { hours })).toBe('small reads')
    expect(automatic(rule, [], ask(), plusSeconds(NOW, 9 * 3600), { hours })).toBeUndefined()
    expect(automatic(rule, [], evening, NOW, { hours })).toBeUndefined()
    expect(automatic({}, [], evening, NOW, { hours })).toBe('small reads')
    expect(automatic(rule, [], evening, NOW)).toBe('small reads')
  })

  it('APP-07 one that still has room holds where another is used up', () => {
    const rules = [RULE, { ...RULE, name: 'z more', mostPerWeek: 3, maximumSeconds: 1800 }]
    const had = [aUse({ how: 'automatic' }), aUse({ how: 'automatic' })]

    expect(automatic({ automatic: rules }, had, ask(1800))).toBe('z more')
    expect(automatic({ automatic: rules }, had, ask(3600))).toBeUndefined()
  })

  it('APP-07 are not looked at where it is not known what was had', () => {
    const access = anAccessFile({ entitlements: [anEntitlement({ risk: 'low', automatic: [RULE] })] })
    const [entitlement] = Object.values(access.entitlements)

    expect(evaluate(access, 'alice', ask(), NOW)).not.toHaveProperty('automatic')
    expect(entitlement && fittingRules(access, entitlement, { ...ask(), requester: 'alice' }, NOW)).toHaveLength(1)
  })
})

describe('break-glass', () => {
  const BREAK_GLASS = {
    members: ['dave'],
    maximumSeconds: 1800,
    reviewers: ['erin', 'dave'],
    reviewWithinSeconds: 86_400,
  }
  const emergency = (who: string, overrides = {}, asked = {}, past = { uses: [] as readonly Use[] }) => {
    const access = anAccessFile({ entitlements: [anEntitlement({ breakGlass: BREAK_GLASS, ...overrides })] })
    return evaluate(access, who, { ...ask(1800), isBreakGlass: true, ...asked }, NOW, past)
  }

  it('APP-11 lets in those it names, without an allowing rule, and nobody else', () => {
    expect(emergency('dave')).toMatchObject({
      outcome: 'allowed',
      rule: 'break-glass',
      maximumSeconds: 1800,
      emergency: { reviewers: ['erin'] },
    })
    expect(emergency('alice')).toMatchObject({ outcome: 'refused', code: 'not-eligible', rule: 'break-glass' })
    expect(emergency('dave', { breakGlass: undefined })).toMatchObject({ outcome: 'refused', code: 'not-eligible' })
  })

  it('APP-11 a deny rule keeps out of an emergency too', () => {
    const rules = [aRule(), aRule({ name: 'never', effect: 'deny', members: ['dave'] })]

    expect(emergency('dave', { rules })).toMatchObject({ outcome: 'refused', code: 'not-eligible', rule: 'never' })
  })

  it('APP-11 is no longer than its own maximum, and starts at once', () => {
    expect(emergency('dave', {}, { durationSeconds: 1801 })).toMatchObject({ code: 'duration-too-long' })
    expect(emergency('dave', {}, { earliestStart: plusSeconds(NOW, 1) })).toMatchObject({ code: 'start-too-far' })
    expect(emergency('dave', {}, { durationSeconds: undefined })).toMatchObject({ durationSeconds: 1800 })
  })

  it('APP-11 needs somebody else to review it', () => {
    const breakGlass = { ...BREAK_GLASS, reviewers: ['dave'] }

    expect(emergency('dave', { breakGlass })).toMatchObject({ outcome: 'refused', code: 'no-reviewer' })
  })

  it('APP-11 is not held back by caps, and never by an automatic rule', () => {
    const evaluation = emergency(
      'dave',
      { risk: 'low', caps: { mostPerWeek: 1 }, automatic: [RULE] },
      {},
      {
        uses: [aUse(), aUse()],
      },
    )

    expect(evaluation).toMatchObject({ outcome: 'allowed' })
    expect(evaluation).not.toHaveProperty('automatic')
  })
})
