import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { Entitlement, Fences } from '../../lambdas/domain/access-file.ts'
import { evaluate } from '../../lambdas/domain/evaluate.ts'
import { fenced, type PolicyDocument } from '../../lambdas/domain/fence.ts'
import { withFences } from '../../lambdas/domain/fence-conditions.ts'
import { intend } from '../../lambdas/domain/grant.ts'
import { render, type Statement } from '../../lambdas/domain/parameters.ts'
import { shownHash } from '../../lambdas/domain/shown.ts'
import { aRequest } from '../support/a-request.ts'
import { anAccessFile, anEntitlement } from '../support/an-access-file.ts'
import { type Verdict, verdictOf } from '../support/simulate.ts'

const ALICE = 'arn:aws:iam::111122223333:user/people/alice'
const ALICE_ID = 'AIDAALICEALICEALICEAL'
const NOW = new Date('2027-03-01T10:30:00Z')
const WINDOW = {
  notBefore: new Date('2027-03-01T10:00:00Z'),
  notAfter: new Date('2027-03-01T11:00:00Z'),
  userId: ALICE_ID,
}
const ALL: Fences = {
  mfa: true,
  sourceIps: ['203.0.113.0/24', '2001:db8::/32'],
  regions: ['eu-central-1', 'eu-west-1'],
  principalTags: { team: 'orders', site: 'Bonn' },
}
type Context = Readonly<Record<string, string>>
const MET: Context = {
  'aws:userid': ALICE_ID,
  'aws:CurrentTime': '2027-03-01T10:30:00Z',
  'aws:MultiFactorAuthPresent': 'true',
  'aws:SourceIp': '203.0.113.7',
  'aws:RequestedRegion': 'eu-central-1',
  'aws:PrincipalTag/team': 'orders',
  'aws:PrincipalTag/site': 'Bonn',
}

function statementsOf(fences: Fences | undefined, overrides: Partial<Entitlement> = {}): readonly Statement[] {
  const rendering = render(anEntitlement({ fences, ...overrides }), {})
  if (rendering.outcome === 'refused') throw new Error(rendering.detail)
  return rendering.statements
}

function documentOf(fences: Fences): PolicyDocument {
  return fenced(statementsOf(fences), WINDOW)
}

/** What IAM says when the log is read under this context. */
function readBy(document: PolicyDocument, context: Context): Promise<Verdict> {
  const resource = 'arn:aws:s3:::prod-logs/a.txt'
  return verdictOf({ principal: ALICE, action: 's3:GetObject', resource, document, context })
}

function without(context: Context, absent: string): Context {
  return Object.fromEntries(Object.entries(context).filter(([key]) => key !== absent))
}

describe('the statements of a fenced entitlement', () => {
  it('GRA-04 carry every fence, each of them, beside their own conditions', () => {
    const statements = [
      { actions: ['s3:GetObject'], resources: ['arn:aws:s3:::prod-logs/*'] },
      {
        actions: ['s3:ListBucket'],
        resources: ['arn:aws:s3:::prod-logs'],
        conditions: { StringLike: { 's3:prefix': 'app/*' }, StringEquals: { 's3:delimiter': '/' } },
      },
    ]
    const fences = {
      Bool: { 'aws:MultiFactorAuthPresent': 'true' },
      IpAddress: { 'aws:SourceIp': ['203.0.113.0/24', '2001:db8::/32'] },
    }
    const equals = {
      'aws:RequestedRegion': ['eu-central-1', 'eu-west-1'],
      'aws:PrincipalTag/team': 'orders',
      'aws:PrincipalTag/site': 'Bonn',
    }

    expect(statementsOf(ALL, { statements })).toEqual([
      { ...statements[0], conditions: { ...fences, StringEquals: equals } },
      {
        ...statements[1],
        conditions: {
          ...fences,
          StringLike: { 's3:prefix': 'app/*' },
          StringEquals: { 's3:delimiter': '/', ...equals },
        },
      },
    ])
  })

  it('GRA-04 are what they were when the entitlement asks for no fence', () => {
    expect(statementsOf(undefined)).toEqual([{ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::prod-logs/*'] }])
  })

  it('GRA-04 never have IfExists, whatever the fences', () => {
    fc.assert(
      fc.property(anyFences(), fences => {
        const text = JSON.stringify(documentOf(fences))

        expect(text).not.toContain('IfExists')
        expect(text).not.toContain('Null')
        expect(Object.keys(documentOf(fences).Statement[0]?.Condition ?? {})).toEqual(
          expect.arrayContaining(['DateGreaterThanEquals', 'DateLessThan', 'StringEquals']),
        )
      }),
    )
  })

  it.each([
    ['Bool', 'aws:multifactorauthpresent'],
    ['IpAddress', 'aws:SourceIp'],
    ['StringEquals', 'AWS:RequestedRegion'],
    ['StringEquals', 'aws:PrincipalTag/TEAM'],
  ])('GRA-04 are not made where a statement sets %s %s itself', (operator, key) => {
    expect(() => withFences({ [operator]: { [key]: 'x' } }, ALL)).toThrow(RangeError)
  })
})

describe('what is approved', () => {
  const entitlement = anEntitlement()
  const request = aRequest({ entitlement: entitlement.id })
  const judged = (fences?: Fences) => {
    const access = anAccessFile({ entitlements: [{ ...entitlement, fences }] })
    const evaluation = evaluate(access, 'alice', { entitlement: entitlement.id, parameters: {} }, NOW)
    if (evaluation.outcome === 'refused') throw new Error(evaluation.detail)
    return evaluation.statements
  }

  it.each<[string, Fences]>([
    ['MFA', { mfa: true }],
    ['an address', { sourceIps: ['203.0.113.7'] }],
    ['a region', { regions: ['eu-central-1'] }],
    ['a tag', { principalTags: { team: 'orders' } }],
  ])('GRA-04 GRA-05 another fence, %s, is another shown hash and another document hash', (_, fences) => {
    expect(shownHash(request, judged(fences))).not.toBe(shownHash(request, judged()))
    expect(intend(request, judged(fences), NOW).documentHash).not.toBe(intend(request, judged(), NOW).documentHash)
    expect(intend(request, judged(fences), NOW).documentHash).toBe(intend(request, judged(fences), NOW).documentHash)
  })
})

describe('what IAM says of each fence, by policy simulation', () => {
  it('GRA-04 a call that meets all of them is allowed', async () => {
    expect(await readBy(documentOf(ALL), MET)).toBe('Allowed')
  })

  it.each<[string, Context]>([
    ['without a second factor', { 'aws:MultiFactorAuthPresent': 'false' }],
    ['from the address before the range', { 'aws:SourceIp': '203.0.112.255' }],
    ['from the address after the range', { 'aws:SourceIp': '203.0.114.0' }],
    ['from another IPv6 range', { 'aws:SourceIp': '2001:db9::1' }],
    ['to another region', { 'aws:RequestedRegion': 'us-east-1' }],
    ['to a region whose name begins alike', { 'aws:RequestedRegion': 'eu-central-12' }],
    ['with another tag', { 'aws:PrincipalTag/team': 'sales' }],
    ['with the tag in another case', { 'aws:PrincipalTag/team': 'Orders' }],
    ['with one tag of two', { 'aws:PrincipalTag/site': 'Kiel' }],
    ['after the end, all fences met', { 'aws:CurrentTime': '2027-03-01T11:00:00Z' }],
    ['by somebody else, all fences met', { 'aws:userid': 'AIDABOBBOBBOBBOBBOBBO' }],
  ])('GRA-04 a call %s is denied', async (_, context) => {
    expect(await readBy(documentOf(ALL), { ...MET, ...context })).toBe('ImplicitlyDenied')
  })

  it.each<[string, Context]>([
    ['at the first address of the range', { 'aws:SourceIp': '203.0.113.0' }],
    ['at its last', { 'aws:SourceIp': '203.0.113.255' }],
    ['of the IPv6 range', { 'aws:SourceIp': '2001:db8::1' }],
    ['to the other region', { 'aws:RequestedRegion': 'eu-west-1' }],
  ])('GRA-04 a call %s is allowed', async (_, context) => {
    expect(await readBy(documentOf(ALL), { ...MET, ...context })).toBe('Allowed')
  })

  it.each(Object.keys(MET))('GRA-04 a call whose context has no %s is denied', async absent => {
    expect(await readBy(documentOf(ALL), without(MET, absent))).toBe('ImplicitlyDenied')
  })

  it('GRA-04 over 500 random fences a call is allowed exactly when it meets each, and denied when a key it needs is absent', async () => {
    const seen = { Allowed: 0, ImplicitlyDenied: 0, ExplicitlyDenied: 0 }
    await fc.assert(
      fc.asyncProperty(anyFences(), aCall(), async (fences, call) => {
        const { host, mfa, region, team, site, absent } = call.isNear ? { ...call, ...insideOf(fences) } : call
        const context = {
          ...MET,
          'aws:SourceIp': `203.0.113.${host}`,
          'aws:MultiFactorAuthPresent': String(mfa),
          'aws:RequestedRegion': region,
          'aws:PrincipalTag/team': team,
          'aws:PrincipalTag/site': site,
        }

        const verdict = await readBy(documentOf(fences), absent === '' ? context : without(context, absent))

        const { principalTags: tags = {} } = fences
        const isMet =
          (!fences.mfa || (mfa && absent !== 'aws:MultiFactorAuthPresent')) &&
          (!fences.sourceIps || (fences.sourceIps.some(range => isIn(host, range)) && absent !== 'aws:SourceIp')) &&
          (!fences.regions || (fences.regions.includes(region) && absent !== 'aws:RequestedRegion')) &&
          (tags.team === undefined || (tags.team === team && absent !== 'aws:PrincipalTag/team')) &&
          (tags.site === undefined || (tags.site === site && absent !== 'aws:PrincipalTag/site'))
        seen[verdict] += 1
        expect(verdict).toBe(isMet ? 'Allowed' : 'ImplicitlyDenied')
      }),
      { numRuns: 500 },
    )
    expect(seen.Allowed).toBeGreaterThan(50)
    expect(seen.ImplicitlyDenied).toBeGreaterThan(100)
  })
})

const $region = fc.constantFrom('eu-central-1', 'eu-west-1', 'us-east-1')
const $team = fc.constantFrom('orders', 'sales')

/** Fences over few values, so that calls meet them often. */
function anyFences(): fc.Arbitrary<Fences> {
  const $range = fc.record({ host: fc.nat(255), prefix: fc.constantFrom(24, 24, 25, 26, 32) })
  return fc.record(
    {
      mfa: fc.constant(true as const),
      sourceIps: fc.array(
        $range.map(({ host, prefix }) => `203.0.113.${host & ~(2 ** (32 - prefix) - 1)}/${prefix}`),
        { minLength: 1, maxLength: 3 },
      ),
      regions: fc.uniqueArray($region, { minLength: 1, maxLength: 2 }),
      principalTags: fc.oneof(
        fc.record({ team: $team, site: fc.constant('Bonn') }),
        $team.map(team => ({ team })),
      ),
    },
    { requiredKeys: [] },
  )
}

function aCall() {
  return fc.record({
    /** Whether it meets the fences but for a key that may be absent. */
    isNear: fc.boolean(),
    host: fc.nat(255),
    mfa: fc.constantFrom(true, true, false),
    region: $region,
    team: $team,
    site: fc.constantFrom('Bonn', 'Bonn', 'Kiel'),
    absent: fc.constantFrom('', '', '', '', '', '', ...Object.keys(MET).slice(2)),
  })
}

/** What a call must be to meet the fences. */
function insideOf({ sourceIps, regions, principalTags }: Fences) {
  const host = Number(/\d+(?=\/)/.exec(sourceIps?.[0] ?? '0/')?.[0])
  return { host, mfa: true, region: regions?.[0] ?? 'us-east-1', team: principalTags?.team ?? 'sales', site: 'Bonn' }
}

/** Counted in whole numbers, so that the simulator is not checked by its own tool. */
function isIn(host: number, range: string): boolean {
  const [address = '', prefix = '32'] = range.split('/')
  const size = 2 ** (32 - Number(prefix))
  return Math.floor(host / size) === Math.floor(Number(address.split('.')[3]) / size)
}
