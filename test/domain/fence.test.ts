import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { documentHash, type Fence, fenced, isFenceKey } from '../../lambdas/domain/fence.ts'
import { plusSeconds, toInstant } from '../../lambdas/domain/instant.ts'
import type { Statement } from '../../lambdas/domain/parameters.ts'
import { type Verdict, verdictOf } from '../support/simulate.ts'

const ALICE = 'arn:aws:iam::111122223333:user/people/alice'
const ALICE_ID = 'AIDAALICEALICEALICEAL'
const START = new Date('2027-03-01T10:00:00Z')
const END = new Date('2027-03-01T11:00:00Z')
const FENCE: Fence = { notBefore: START, notAfter: END, userId: ALICE_ID }
const READ: Statement = { actions: ['s3:GetObject'], resources: ['arn:aws:s3:::prod-logs/*'] }

/** Unique ids of callers: a user, another, two sessions of one role, and one of that name in another role. */
const CALLERS = [
  ALICE_ID,
  'AIDABOBBOBBOBBOBBOBBO',
  'AROAROLEROLEROLEROLER:alice',
  'AROAROLEROLEROLEROLER:bob',
  'AROAOTHEROTHEROTHEROT:alice',
]

describe('a fenced document', () => {
  it('GRA-02 has the one shape Lapse writes, each statement with its start, end and person', () => {
    const list: Statement = {
      actions: ['s3:ListBucket'],
      resources: ['arn:aws:s3:::prod-logs'],
      conditions: { StringLike: { 's3:prefix': 'app/*' } },
    }

    expect(fenced([READ, list], FENCE)).toStrictEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'Lapse1',
          Effect: 'Allow',
          Action: ['s3:GetObject'],
          Resource: ['arn:aws:s3:::prod-logs/*'],
          Condition: {
            DateGreaterThanEquals: { 'aws:CurrentTime': '2027-03-01T10:00:00Z' },
            DateLessThan: { 'aws:CurrentTime': '2027-03-01T11:00:00Z' },
            StringEquals: { 'aws:userid': ALICE_ID },
          },
        },
        {
          Sid: 'Lapse2',
          Effect: 'Allow',
          Action: ['s3:ListBucket'],
          Resource: ['arn:aws:s3:::prod-logs'],
          Condition: {
            StringLike: { 's3:prefix': 'app/*' },
            DateGreaterThanEquals: { 'aws:CurrentTime': '2027-03-01T10:00:00Z' },
            DateLessThan: { 'aws:CurrentTime': '2027-03-01T11:00:00Z' },
            StringEquals: { 'aws:userid': ALICE_ID },
          },
        },
      ],
    })
  })

  it('GRA-02 keeps an entitlement’s own conditions beside the fence, under the same operators too', () => {
    const conditions = {
      Bool: { 'aws:MultiFactorAuthPresent': 'true' },
      StringEquals: { 'aws:RequestedRegion': ['eu-central-1', 'eu-west-1'] },
      DateLessThan: { 'aws:TokenIssueTime': '2027-03-01T10:30:00Z' },
      DateGreaterThanEquals: { 'aws:TokenIssueTime': '2027-03-01T08:00:00Z' },
    }

    const [statement] = fenced([{ ...READ, conditions }], FENCE).Statement

    expect(statement?.Condition).toEqual({
      Bool: { 'aws:MultiFactorAuthPresent': 'true' },
      StringEquals: { 'aws:RequestedRegion': ['eu-central-1', 'eu-west-1'], 'aws:userid': ALICE_ID },
      DateLessThan: { 'aws:TokenIssueTime': '2027-03-01T10:30:00Z', 'aws:CurrentTime': '2027-03-01T11:00:00Z' },
      DateGreaterThanEquals: {
        'aws:TokenIssueTime': '2027-03-01T08:00:00Z',
        'aws:CurrentTime': '2027-03-01T10:00:00Z',
      },
    })
  })

  it('GRA-02 never speaks of the epoch, never has IfExists, never lists several times or people', () => {
    const $key = fc.constantFrom('aws:SourceIp', 's3:prefix', 'aws:PrincipalTag/team', 'aws:RequestedRegion')
    const $operator = fc.constantFrom('StringEquals', 'StringLike', 'Bool', 'DateLessThan', 'DateGreaterThanEquals')
    const $conditions = fc.dictionary($operator, fc.dictionary($key, fc.stringMatching(/^[a-z]{1,5}$/), { maxKeys: 2 }))
    fc.assert(
      fc.property(fc.array($conditions, { minLength: 1, maxLength: 4 }), owns => {
        const document = fenced(
          owns.map(conditions => ({ ...READ, conditions })),
          FENCE,
        )
        const text = JSON.stringify(document)

        expect(text).not.toMatch(/epoch/i)
        expect(text).not.toMatch(/IfExists/i)
        expect(document.Statement).toHaveLength(owns.length)
        for (const { Effect, Condition } of document.Statement) {
          expect(Effect).toBe('Allow')
          expect(Condition.DateGreaterThanEquals?.['aws:CurrentTime']).toBe(toInstant(START))
          expect(Condition.DateLessThan?.['aws:CurrentTime']).toBe(toInstant(END))
          expect(Condition.StringEquals?.['aws:userid']).toBe(ALICE_ID)
        }
        for (const [index, own] of owns.entries()) expect(document.Statement[index]?.Condition).toMatchObject(own)
      }),
    )
  })

  it.each([
    ['its end is its start', { notAfter: START }],
    ['its end is before its start', { notAfter: plusSeconds(START, -1) }],
    ['its start is no date', { notBefore: new Date(Number.NaN) }],
    ['its end is no date', { notAfter: new Date(Number.NaN) }],
  ])('GRA-02 is not made when %s', (_, wrong) => {
    expect(() => fenced([READ], { ...FENCE, ...wrong })).toThrow(RangeError)
  })

  it('GRA-02 is made for a window of one second', () => {
    expect(fenced([READ], { ...FENCE, notAfter: plusSeconds(START, 1) }).Statement).toHaveLength(1)
  })

  it.each([
    ['StringEquals', 'aws:userid'],
    ['StringLike', 'AWS:UserId'],
    ['StringEquals', 'aws:UserID'],
    ['DateLessThan', 'aws:CurrentTime'],
    ['DateGreaterThan', 'aws:currenttime'],
    ['DateLessThanIfExists', 'AWS:CURRENTTIME'],
    ['NumericLessThan', 'aws:EpochTime'],
    ['StringEquals', 'aws:SourceIdentity'],
  ])('GRA-02 is not made when an entitlement sets %s %s itself', (operator, key) => {
    const conditions = { Bool: { 'aws:SecureTransport': 'true' }, [operator]: { 'aws:SourceVpc': 'vpc-1', [key]: 'x' } }

    expect(isFenceKey(key)).toBe(true)
    expect(() => fenced([READ, { ...READ, conditions }], FENCE)).toThrow(RangeError)
  })

  it.each(['aws:username', 'aws:TokenIssueTime', 'aws:PrincipalArn', 'aws:useridx', 'userid'])(
    'GRA-02 an entitlement may set %s',
    key => {
      expect(isFenceKey(key)).toBe(false)
    },
  )
})

describe('the hash of a document', () => {
  const document = fenced([READ], FENCE)

  it('GRA-05 does not depend on key order or white space, as IAM gives documents back', () => {
    const [statement] = document.Statement
    const { Sid, Effect, Action, Resource, Condition } = statement ?? fail('no statement')
    const given = JSON.parse(
      JSON.stringify({ Statement: [{ Condition, Resource, Action, Effect, Sid }], Version: document.Version }, null, 4),
    )

    expect(documentHash(given)).toBe(documentHash(document))
    expect(documentHash(document)).toMatch(/^[0-9a-f]{64}$/)
  })

  it.each([
    ['an action', JSON.stringify(document).replace('s3:GetObject', 's3:*')],
    ['a resource', JSON.stringify(document).replace('prod-logs/*', '*')],
    ['the end', JSON.stringify(document).replace('11:00:00', '11:00:01')],
    ['the person', JSON.stringify(document).replace(ALICE_ID, 'AIDABOB')],
    ['an operator', JSON.stringify(document).replace('"StringEquals"', '"StringLike"')],
    ['the effect', JSON.stringify(document).replace('Allow', 'Deny')],
    ['the name of a statement', JSON.stringify(document).replace('Lapse1', 'Lapse2')],
  ])('GRA-05 changes with %s', (_, text) => {
    expect(documentHash(JSON.parse(text))).not.toBe(documentHash(document))
  })
})

describe('what IAM says, by policy simulation', () => {
  it.each<[string, Record<string, string>, Verdict]>([
    ['a second before the start', { 'aws:CurrentTime': '2027-03-01T09:59:59Z' }, 'ImplicitlyDenied'],
    ['at the start', { 'aws:CurrentTime': '2027-03-01T10:00:00Z' }, 'Allowed'],
    ['a second before the end', { 'aws:CurrentTime': '2027-03-01T10:59:59Z' }, 'Allowed'],
    ['at the end', { 'aws:CurrentTime': '2027-03-01T11:00:00Z' }, 'ImplicitlyDenied'],
    ['a second after the end', { 'aws:CurrentTime': '2027-03-01T11:00:01Z' }, 'ImplicitlyDenied'],
    ['a year after the end', { 'aws:CurrentTime': '2028-03-01T10:30:00Z' }, 'ImplicitlyDenied'],
  ])('GRA-02 %s: %j is %s', async (_, time, verdict) => {
    expect(await readBy({ 'aws:userid': ALICE_ID, ...time })).toBe(verdict)
  })

  it('GRA-02 a call without a clock is denied', async () => {
    expect(await readBy({ 'aws:userid': ALICE_ID })).toBe('ImplicitlyDenied')
  })

  it.each([
    ['another user', 'AIDABOBBOBBOBBOBBOBBO'],
    ['the same name made again', 'AIDAALICEALICEALICEA2'],
    ['another letter case', ALICE_ID.toLowerCase()],
    ['a longer id', `${ALICE_ID}X`],
    ['a wildcard', 'AIDA*'],
    ['a role session of that name', `AROAROLEROLEROLEROLER:${ALICE_ID}`],
    ['nothing', ''],
  ])('GRA-03 inside the window %s is denied', async (_, userId) => {
    expect(await readBy({ 'aws:userid': userId, 'aws:CurrentTime': '2027-03-01T10:30:00Z' })).toBe('ImplicitlyDenied')
  })

  it('GRA-03 Alice is not alice where a session carries the name', async () => {
    const document = fenced([READ], { ...FENCE, userId: 'AROAROLEROLEROLEROLER:alice' })
    const at = { 'aws:CurrentTime': '2027-03-01T10:30:00Z' }

    expect(await readBy({ ...at, 'aws:userid': 'AROAROLEROLEROLEROLER:alice' }, document)).toBe('Allowed')
    expect(await readBy({ ...at, 'aws:userid': 'AROAROLEROLEROLEROLER:Alice' }, document)).toBe('ImplicitlyDenied')
  })

  it('GRA-03 a call without a person is denied', async () => {
    expect(await readBy({ 'aws:CurrentTime': '2027-03-01T10:30:00Z' })).toBe('ImplicitlyDenied')
  })

  it.each([
    ['s3:PutObject', 'arn:aws:s3:::prod-logs/a.txt'],
    ['s3:GetObject', 'arn:aws:s3:::prod-logs2/a.txt'],
    ['s3:ListBucket', 'arn:aws:s3:::prod-logs'],
  ])('GRA-02 the grant does not reach %s on %s', async (action, resource) => {
    const context = { 'aws:userid': ALICE_ID, 'aws:CurrentTime': '2027-03-01T10:30:00Z' }

    expect(await verdictOf({ principal: ALICE, action, resource, document: fenced([READ], FENCE), context })).toBe(
      'ImplicitlyDenied',
    )
  })

  it('GRA-04 an entitlement’s own conditions still hold', async () => {
    const conditions = {
      Bool: { 'aws:MultiFactorAuthPresent': 'true' },
      StringEquals: { 'aws:RequestedRegion': 'eu-central-1' },
      DateLessThan: { 'aws:TokenIssueTime': '2027-03-01T10:30:00Z' },
    }
    const document = fenced([{ ...READ, conditions }], FENCE)
    const met = {
      'aws:userid': ALICE_ID,
      'aws:CurrentTime': '2027-03-01T10:45:00Z',
      'aws:MultiFactorAuthPresent': 'true',
      'aws:RequestedRegion': 'eu-central-1',
      'aws:TokenIssueTime': '2027-03-01T09:00:00Z',
    }

    expect(await readBy(met, document)).toBe('Allowed')
    expect(await readBy({ ...met, 'aws:MultiFactorAuthPresent': 'false' }, document)).toBe('ImplicitlyDenied')
    expect(await readBy({ ...met, 'aws:RequestedRegion': 'us-east-1' }, document)).toBe('ImplicitlyDenied')
    expect(await readBy({ ...met, 'aws:TokenIssueTime': '2027-03-01T10:40:00Z' }, document)).toBe('ImplicitlyDenied')
    expect(await readBy({ ...met, 'aws:userid': 'AIDABOB' }, document)).toBe('ImplicitlyDenied')
    expect(await readBy({ ...met, 'aws:CurrentTime': '2027-03-01T11:00:00Z' }, document)).toBe('ImplicitlyDenied')
  })

  it('GRA-02 FI-10: at 10,000 random instants, as many windows and callers, access holds exactly from start to end, for the one session', async () => {
    const $seconds = fc.integer({ min: -3 * 86_400, max: 3 * 86_400 })
    const $when = fc.oneof(
      fc.record({ of: fc.constant('start'), seconds: fc.constantFrom(-1, 0, 1) }),
      fc.record({ of: fc.constant('end'), seconds: fc.constantFrom(-1, 0, 1) }),
      fc.record({ of: fc.constant('start'), seconds: $seconds }),
      fc.record({ of: fc.constant('start'), seconds: fc.integer({ min: 0, max: 43_200 }) }),
    )
    const $length = fc.integer({ min: 1, max: 43_200 })
    const $caller = fc.oneof({ weight: 4, arbitrary: fc.constant('holder') }, fc.constantFrom(...CALLERS))
    const seen = { Allowed: 0, ImplicitlyDenied: 0, ExplicitlyDenied: 0 }

    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...CALLERS),
        $seconds,
        $length,
        $when,
        $caller,
        async (userId, start, length, when, caller) => {
          const notBefore = plusSeconds(START, start * 97)
          const notAfter = plusSeconds(notBefore, length)
          const now = plusSeconds(when.of === 'end' ? notAfter : notBefore, when.seconds)
          const callerId = caller === 'holder' ? userId : caller
          const document = fenced([READ], { notBefore, notAfter, userId })

          const verdict = await readBy({ 'aws:userid': callerId, 'aws:CurrentTime': toInstant(now) }, document)

          const within = notBefore <= now && now < notAfter && callerId === userId
          seen[verdict] += 1
          expect(verdict).toBe(within ? 'Allowed' : 'ImplicitlyDenied')
        },
      ),
      { numRuns: 10_000 },
    )
    expect(seen.Allowed).toBeGreaterThan(2_000)
    expect(seen.ImplicitlyDenied).toBeGreaterThan(2_000)
  }, 120_000)
})

describe('the simulator', () => {
  const question = { principal: ALICE, action: 's3:GetObject', resource: 'arn:aws:s3:::prod-logs/a.txt' }
  const document = fenced([READ], FENCE)

  it.each([
    ['an action that does not exist', { action: 's3:GetObjekt' }],
    ['a resource the action does not know', { resource: 'arn:aws:sqs:eu-central-1:111122223333:queue' }],
    ['a document that is none', { document: { Version: '2012-10-17', Statement: [{ Efect: 'Allow' }] } }],
    ['a context key the action never carries', { context: { 'dynamodb:LeadingKeys': ['x'] } }],
  ])('GRA-08 is not taken for a denial when it refuses %s', async (_, wrong) => {
    await expect(verdictOf({ ...question, document, ...wrong })).rejects.toThrow('the simulator')
  })
})

/** What IAM says when Alice's credentials read the log under this context. */
function readBy(context: Record<string, string>, document: unknown = fenced([READ], FENCE)): Promise<Verdict> {
  return verdictOf({
    principal: ALICE,
    action: 's3:GetObject',
    resource: 'arn:aws:s3:::prod-logs/a.txt',
    document,
    context,
  })
}

function fail(why: string): never {
  throw new Error(why)
}
