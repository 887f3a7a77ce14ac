import { describe, expect, it } from '@jest/globals'
import { evaluate } from '../../lambdas/domain/evaluate.ts'
import { accessOf, askerOf, NOW, parseTable, type Table, tables } from './decision-table.ts'

type Case = Table['cases'][number]

const all = tables()

for (const { file, table } of all) {
  describe(`${file}: ${table.about}`, () => {
    for (const given of table.cases) {
      it(given.fact, () => {
        const said = decided(table, given)

        expect(said).toMatchObject(expected(given))
        if (said.outcome === 'refused') expect(said.wouldPass).not.toBe('')
      })
    }
  })
}

describe('the tables of decisions', () => {
  it('POL-01 hold at least 150 cases, each a fact of its own', () => {
    const facts = all.flatMap(({ table }) => table.cases.map(({ fact }) => fact))

    expect(facts.length).toBeGreaterThanOrEqual(150)
    expect(facts.filter((fact, index) => facts.indexOf(fact) !== index)).toEqual([])
  })

  it('POL-01 name people and entitlements that exist, unless the case is about those that do not', () => {
    for (const { table } of all) {
      const access = accessOf(table)
      const strangers = table.cases.filter(
        ({ asksFor, expect }) =>
          !Object.hasOwn(access.entitlements, asksFor) &&
          !(expect.outcome === 'refused' && expect.code === 'unknown-entitlement'),
      )

      expect(strangers).toEqual([])
    }
  })

  it.each([
    [
      'in a case',
      { cases: [{ fact: 'REQ-02 x', who: 'alice', asksFor: 'a', four: '1h', expect: { outcome: 'allowed' } }] },
    ],
    [
      'in what is expected',
      { cases: [{ fact: 'REQ-02 x', who: 'alice', asksFor: 'a', expect: { outcome: 'allowed', cod: 'x' } }] },
    ],
    ['in an entitlement', { entitlements: { a: { rules: [], maximun: '1h' } } }],
    ['in a duration', { entitlements: { a: { rules: [], maximum: '1 hour' } } }],
  ])('POL-01 a typing error %s fails the table', (_, wrong) => {
    expect(() => parseTable({ about: 'x', entitlements: {}, cases: [], ...wrong })).toThrow()
  })
})

function decided(table: Table, { who, at, asksFor, for: durationSeconds, from, with: parameters }: Case) {
  const access = accessOf(table)
  const earliestStart = from === undefined ? undefined : new Date(from)
  const now = at === undefined ? NOW : new Date(at)
  const ask = { entitlement: asksFor, durationSeconds, parameters, earliestStart }
  return evaluate(access, askerOf(access, who), ask, now)
}

/** The part of the evaluation a case speaks of. */
function expected({ expect: wanted }: Case) {
  const { outcome, ...said } = wanted
  const { approvers = [], escalateTo = [] } = wanted.outcome === 'allowed' ? wanted : {}
  const stages = Array.from({ length: Math.max(approvers.length, escalateTo.length) }, (_, index) => ({
    ...(approvers[index] && { approvers: approvers[index] }),
    ...(escalateTo[index] && { escalateTo: escalateTo[index] }),
  }))
  const names = new Map([
    ['duration', 'durationSeconds'],
    ['limit', 'maximumSeconds'],
  ])
  const facts = Object.entries(said).map(([key, value]) => {
    if (key === 'approvers' || key === 'escalateTo') return ['stages', stages]
    if (key === 'resources') return ['statements', [{ resources: value }]]
    if (key === 'because') return ['detail', expect.stringContaining(String(value))]
    if (key === 'wouldPass') return ['wouldPass', expect.stringContaining(String(value))]
    return [names.get(key) ?? key, value]
  })
  return { outcome, ...Object.fromEntries(facts) }
}
