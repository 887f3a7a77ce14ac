import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { PolicyDocument, PolicyStatement } from '../../lambdas/domain/fence.ts'
import { documentFor, intend } from '../../lambdas/domain/grant.ts'
import { plusSeconds, toInstant } from '../../lambdas/domain/instant.ts'
import { render } from '../../lambdas/domain/parameters.ts'
import { ASKED_AT, aRequest } from '../support/a-request.ts'
import { anAccessFile, anEntitlement } from '../support/an-access-file.ts'
import { verdictOf } from '../support/simulate.ts'
import { arnOf, aWorld } from '../support/world.ts'

const BUCKETS = ['acme-a', 'acme-b', 'acme-c'] as const
const PRINCIPAL = { arn: arnOf('alice'), uniqueId: 'AIDAALICEALICEALICEAL' }
const OVERLAPS = 1000
const INSTANTS = 10
/** One instant in so many is put to the policy simulator too. */
const SIMULATED_EVERY = 50

const entitlement = anEntitlement({
  id: 'bucket-read',
  parameters: { bucket: { description: 'the bucket', pattern: 'acme-[a-c]', example: 'acme-a' } },
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a place, filled when a grant is made.
  statements: [{ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::${bucket}/*'] }],
  codeRequired: true,
})

interface OneAsked {
  readonly bucket: string
  readonly start: number
  readonly length: number
  readonly endedAfter: number | undefined
}
const $asked: fc.Arbitrary<OneAsked> = fc.record({
  bucket: fc.constantFrom(...BUCKETS),
  start: fc.integer({ min: 0, max: 600 }),
  length: fc.integer({ min: 60, max: 900 }),
  /** Seconds after the start at which it is ended early; most run their time. */
  endedAfter: fc.option(fc.integer({ min: 0, max: 900 }), { freq: 1, nil: undefined }),
})
const $overlap = fc.record({
  asked: fc.array($asked, { minLength: 1, maxLength: 5 }),
  instants: fc.array(fc.record({ of: fc.nat(4), edge: fc.constantFrom(-1, 0, 1), seconds: fc.nat(1600) }), {
    minLength: INSTANTS,
    maxLength: INSTANTS,
  }),
})

/** A grant as IAM would hold it: its policy stays attached after its end unless it is ended early, so that only the fence ends it. */
function grantOf({ bucket, start, length, endedAfter }: OneAsked) {
  const earliestStart = plusSeconds(ASKED_AT, start)
  const request = aRequest({
    entitlement: entitlement.id,
    principal: PRINCIPAL,
    parameters: { bucket },
    durationSeconds: length,
    earliestStart,
  })
  const rendering = render(entitlement, request.parameters)
  if (rendering.outcome === 'refused') throw new Error(rendering.detail)
  const grant = intend(request, rendering.statements, ASKED_AT)
  const document: PolicyDocument = JSON.parse(JSON.stringify(documentFor(request, rendering.statements, grant)))
  const endedAt = endedAfter === undefined ? undefined : plusSeconds(earliestStart, endedAfter)
  return { ...grant, bucket, document, endedAt }
}
type OneGrant = ReturnType<typeof grantOf>

/** The buckets a person reads at an instant with these policies: the fence's conditions, compared as texts of one form. */
function readable(documents: readonly PolicyDocument[], at: Date): readonly string[] {
  const allowing = documents.flatMap(({ Statement }) => Statement.filter(statement => holds(statement, toInstant(at))))
  return BUCKETS.filter(bucket => allowing.some(({ Resource }) => Resource?.includes(`arn:aws:s3:::${bucket}/*`)))
}

function holds({ Condition }: PolicyStatement, now: string): boolean {
  return Object.entries(Condition).every(([operator, keys]) =>
    Object.entries(keys).every(([key, value]) => {
      if (operator === 'DateGreaterThanEquals' && key === 'aws:CurrentTime') return now >= String(value)
      if (operator === 'DateLessThan' && key === 'aws:CurrentTime') return now < String(value)
      if (operator === 'StringEquals' && key === 'aws:userid') return value === PRINCIPAL.uniqueId
      throw new Error(`an overlap has a condition this test does not know: ${operator} ${key}`)
    }),
  )
}

/** The same, as the policy simulator has it. Allow statements of several policies add up, so one document may hold them all. */
async function simulated(documents: readonly PolicyDocument[], at: Date): Promise<readonly string[]> {
  const Statement = documents.flatMap(document => document.Statement).map((each, n) => ({ ...each, Sid: `S${n}` }))
  const document = { Version: '2012-10-17', Statement }
  const context = { 'aws:userid': PRINCIPAL.uniqueId, 'aws:CurrentTime': toInstant(at) }
  const verdicts = await Promise.all(
    BUCKETS.map(bucket => {
      const resource = `arn:aws:s3:::${bucket}/a.txt`
      return verdictOf({ principal: PRINCIPAL.arn, action: 's3:GetObject', resource, document, context })
    }),
  )
  return BUCKETS.filter((_, index) => verdicts[index] === 'Allowed')
}

const isEnded = ({ endedAt }: OneGrant, at: Date): boolean => endedAt !== undefined && endedAt <= at
const attached = (grants: readonly OneGrant[], at: Date) =>
  grants.filter(grant => !isEnded(grant, at)).map(({ document }) => document)

/** What is promised: the buckets of the grants whose window holds the instant and which nobody ended. */
function promised(grants: readonly OneGrant[], at: Date): readonly string[] {
  const live = grants.filter(grant => grant.notBefore <= at && at < grant.notAfter && !isEnded(grant, at))
  return BUCKETS.filter(bucket => live.some(grant => grant.bucket === bucket))
}

describe('overlapping grants of one person', () => {
  it('GRA-06 FI-9: over 1,000 random overlaps of up to five give at every instant what those that live give, no more and no less', async () => {
    const seen = { none: 0, one: 0, several: 0, simulated: 0, instants: 0 }
    await fc.assert(
      fc.asyncProperty($overlap, async ({ asked, instants }) => {
        const grants = asked.map(grantOf)
        expect(new Set(grants.map(({ policyArn }) => policyArn)).size).toBe(grants.length)
        for (const { of, edge, seconds } of instants) {
          const near = grants[of]
          const edges = near ? [near.notBefore, near.notAfter, near.endedAt ?? near.notAfter] : []
          const at = plusSeconds(edges[seconds % 3] ?? plusSeconds(ASKED_AT, seconds), edge)
          const expected = promised(grants, at)

          expect(readable(attached(grants, at), at)).toEqual(expected)

          seen.instants += 1
          seen[expected.length === 0 ? 'none' : expected.length === 1 ? 'one' : 'several'] += 1
          if (seen.instants % SIMULATED_EVERY !== 0) continue
          seen.simulated += 1
          expect(await simulated(attached(grants, at), at)).toEqual(expected)
        }
      }),
      { numRuns: OVERLAPS },
    )
    expect(seen.instants).toBe(OVERLAPS * INSTANTS)
    expect(seen.simulated).toBe((OVERLAPS * INSTANTS) / SIMULATED_EVERY)
    for (const often of [seen.none, seen.one, seen.several]) expect(often).toBeGreaterThan(500)
  })

  it('GRA-06 the end of one, whichever, changes neither the policies nor the requests of the others', async () => {
    const $ends = fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 1 })
    await fc.assert(
      fc.asyncProperty(
        $ends,
        fc.array(fc.constantFrom(...BUCKETS), { minLength: 5, maxLength: 5 }),
        async (ends, buckets) => {
          const world = aWorld({ access: anAccessFile({ entitlements: [entitlement] }) })
          const ids: string[] = []
          for (const bucket of buckets) {
            const { id } = await world.active({ ask: { entitlement: entitlement.id, parameters: { bucket } } })
            ids.push(id)
          }
          for (const index of ends) {
            const ended = ids[index] ?? ''
            const { grant } = await world.granted(ended)
            const before = await standing(world)

            await world.endEarly(ended, index % 2 === 0 ? 'revoked' : 'returned')

            before.policies.delete(grant.policyArn)
            before.requests.delete(ended)
            const after = await standing(world)
            after.requests.delete(ended)
            expect(after).toEqual(before)
            expect((await world.request(ended)).status).toBe('ENDED')
          }
          expect(world.iam.policies.size).toBe(5 - ends.length)
        },
      ),
      { numRuns: 40 },
    )

    /** Everything of the grants that stand: what IAM holds, and the requests. */
    async function standing(world: ReturnType<typeof aWorld>) {
      const arns = [...world.iam.policies.keys()]
      const policies = await Promise.all(
        arns.map(
          async arn => [arn, JSON.stringify([await world.iam.document(arn), world.iam.attachmentsOf(arn)])] as const,
        ),
      )
      const open: string[] = []
      for await (const id of world.store.openRequests()) open.push(id)
      const requests = await Promise.all(open.map(async id => [id, JSON.stringify(await world.request(id))] as const))
      return { policies: new Map(policies), requests: new Map(requests) }
    }
  })
})
