import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { z } from 'zod'
import { readTrustPolicy } from '../../lambdas/contract/trust-document.ts'
import { judgeTrust, type SessionName } from '../../lambdas/domain/trust-policy.ts'

const $case = z.strictObject({
  fact: z.string(),
  session: z.string().default('alice'),
  sourceIdentity: z.string().optional(),
  statements: z.array(z.record(z.string(), z.unknown())),
  /** Whether the document has its one statement outside of a list. */
  isBare: z.boolean().default(false),
  judged: z.enum(['pinned by name', 'pinned by source identity', 'open']),
  why: z.string().optional(),
})
const CASES = z
  .array($case)
  .parse(JSON.parse(readFileSync(new URL('./trust-policy-cases.json', import.meta.url), 'utf8')))
const ACCOUNT = '111122223333'

function encoded(Statement: unknown, more: object = {}): string {
  return encodeURIComponent(JSON.stringify({ Version: '2012-10-17', Statement, ...more }))
}

function judgementOf(Statement: unknown, session: SessionName) {
  const policy = readTrustPolicy(encoded(Statement))
  if (policy === 'unreadable') throw new Error('the trust policy of a case cannot be read')
  return judgeTrust(policy, session, ACCOUNT)
}

describe('a session of a shared role', () => {
  it.each(CASES)('GRA-03 is $judged: $fact', ({ session, sourceIdentity, statements, isBare, judged, why }) => {
    const judgement = judgementOf(isBare ? statements[0] : statements, { name: session, sourceIdentity })

    expect(
      judgement.outcome === 'open'
        ? 'open'
        : judgement.by === 'RoleSessionName'
          ? 'pinned by name'
          : 'pinned by source identity',
    ).toBe(judged)
    if (judgement.outcome === 'open') expect(judgement.why).toContain(why ?? 'every open case says why')
  })

  it('GRA-03 stays open whatever is added to a trust policy that leaves it open', () => {
    const open = CASES.filter(({ judged, statements }) => judged === 'open' && statements.length === 1)
    const pinned = CASES.filter(({ judged }) => judged === 'pinned by name')
    fc.assert(
      fc.property(fc.constantFrom(...open), fc.constantFrom(...pinned), fc.boolean(), (hole, tie, isFirst) => {
        fc.pre(!(hole.why ?? '').startsWith('it lets nobody') && hole.session === tie.session)
        const both = isFirst ? [...hole.statements, ...tie.statements] : [...tie.statements, ...hole.statements]

        expect(judgementOf(both, { name: hole.session }).outcome).toBe('open')
      }),
    )
  })

  it('GRA-03 is judged by tables of pinned and of open trust policies', () => {
    expect(CASES.filter(({ judged }) => judged !== 'open').length).toBeGreaterThan(20)
    expect(CASES.filter(({ judged }) => judged === 'open').length).toBeGreaterThan(30)
  })
})

describe('a trust policy that Lapse cannot read', () => {
  const allow = { Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' }

  it.each([
    ['nothing', undefined],
    ['no text', ''],
    ['no JSON', '%7B'],
    ['a broken encoding', '%'],
    ['no statements', encodeURIComponent('{}')],
    ['another effect', encoded([{ ...allow, Effect: 'allow' }])],
    ['a member that is not known', encoded([{ ...allow, Unless: {} }])],
    ['a document with a member that is not known', encoded([allow], { Except: [] })],
    ['a condition that is no map', encoded([{ ...allow, Condition: 'never' }])],
    ['a principal that is another text', encoded([{ ...allow, Principal: 'everybody' }])],
  ])('GRA-03 is said to be unreadable: %s', (_, document) => {
    expect(readTrustPolicy(document)).toBe('unreadable')
  })

  it('GRA-03 is none that says the same in another form: lists, numbers, an id', () => {
    const listed = { Sid: 'a', ...allow, Principal: { AWS: ['*'] }, Action: ['sts:AssumeRole'] }
    const conditions = (value: unknown) => ({ Condition: { NumericLessThan: { 'aws:MultiFactorAuthAge': value } } })

    expect(readTrustPolicy(encoded([{ ...listed, ...conditions(['300']) }], { Id: 'x' }))).toEqual(
      readTrustPolicy(encoded({ ...allow, ...conditions(300) })),
    )
  })
})
