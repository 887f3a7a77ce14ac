import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { documentHash } from '../../lambdas/domain/fence.ts'
import { approvalHash, documentFor, GRANT_PATH, grantJson, intend, pathOf } from '../../lambdas/domain/grant.ts'
import { plusSeconds, toInstant } from '../../lambdas/domain/instant.ts'
import type { Grant, Request } from '../../lambdas/domain/request.ts'
import { shownHash } from '../../lambdas/domain/shown.ts'
import { ASKED_AT, anApprovedRequest, aRequest, grantOf, STATEMENTS } from '../support/a-request.ts'

const ID = '01JQ0000000000000000000000'

describe('the intent of an approved request', () => {
  it('GRA-02 begins when it is approved and ends a duration later', () => {
    const grant = intend(aRequest({ durationSeconds: 1800 }), STATEMENTS, new Date('2027-03-01T10:07:09Z'))

    expect(grant.notBefore).toEqual(new Date('2027-03-01T10:07:09Z'))
    expect(grant.notAfter).toEqual(new Date('2027-03-01T10:37:09Z'))
  })

  it('GRA-02 begins at the start that was asked for when that is still to come', () => {
    const earliestStart = new Date('2027-03-01T14:00:00Z')
    const grant = intend(aRequest({ earliestStart, durationSeconds: 3600 }), STATEMENTS, plusSeconds(ASKED_AT, 60))

    expect(grant.notBefore).toEqual(earliestStart)
    expect(grant.notAfter).toEqual(new Date('2027-03-01T15:00:00Z'))
  })

  it.each([
    ['has passed', '2027-03-01T09:00:00Z', '2027-03-01T10:30:00Z'],
    ['passes with the approval', '2027-03-01T10:30:00Z', '2027-03-01T10:30:00Z'],
    ['is a second away', '2027-03-01T10:30:01Z', '2027-03-01T10:30:01Z'],
  ])('GRA-02 when the start asked for %s, %s, it begins at %s', (_, asked, begins) => {
    const request = aRequest({ earliestStart: new Date(asked), durationSeconds: 3600 })
    const grant = intend(request, STATEMENTS, new Date('2027-03-01T10:30:00Z'))

    expect(grant.notBefore).toEqual(new Date(begins))
    expect(grant.notAfter).toEqual(plusSeconds(new Date(begins), 3600))
  })

  it('REQ-04 lasts exactly its duration, from a whole second, whenever it is approved', () => {
    const $ms = fc.integer({ min: 0, max: 40 * 86_400_000 })
    const $start = fc.option($ms, { nil: undefined })
    fc.assert(
      fc.property(fc.integer({ min: 300, max: 43_200 }), $ms, $start, (durationSeconds, approvedMs, startMs) => {
        const approvedAt = new Date(ASKED_AT.getTime() + approvedMs)
        const earliestStart = startMs === undefined ? undefined : new Date(ASKED_AT.getTime() + startMs)
        const request = aRequest({ durationSeconds, ...(earliestStart && { earliestStart }) })
        const { notBefore, notAfter } = intend(request, STATEMENTS, approvedAt)
        const wanted = Math.max(approvedAt.getTime(), earliestStart?.getTime() ?? 0)

        expect(notAfter.getTime() - notBefore.getTime()).toBe(durationSeconds * 1000)
        expect(notBefore.getTime() % 1000).toBe(0)
        expect(wanted - notBefore.getTime()).toBeGreaterThanOrEqual(0)
        expect(wanted - notBefore.getTime()).toBeLessThan(1000)
      }),
    )
  })

  it('END-02 names a policy under the path of Lapse, with the end in its path and the request as its name', () => {
    const grant = intend(aRequest({ id: ID, durationSeconds: 3600 }), STATEMENTS, ASKED_AT)

    expect(grant.policyArn).toBe(`arn:aws:iam::111122223333:policy/lapse/grant/20270301T110000Z/${ID}`)
    expect(pathOf(grant.notAfter)).toBe('/lapse/grant/20270301T110000Z/')
    expect(pathOf(grant.notAfter).startsWith(GRANT_PATH)).toBe(true)
  })

  it('GRA-01 names the policy in the partition and account of the requester', () => {
    const principal = { arn: 'arn:aws-us-gov:iam::444455556666:user/people/alice', uniqueId: 'AIDAX' }
    const grant = intend(aRequest({ principal }), STATEMENTS, ASKED_AT)

    expect(grant.policyArn).toMatch(/^arn:aws-us-gov:iam::444455556666:policy\/lapse\/grant\//)
  })

  it('GRA-05 holds the hash of the document that will be written for it', () => {
    const request = anApprovedRequest()
    const grant = grantOf(request)
    const document = documentFor(request, STATEMENTS, grant)

    expect(grant.documentHash).toBe(documentHash(document))
    expect(document.Statement[0]?.Condition).toMatchObject({
      DateGreaterThanEquals: { 'aws:CurrentTime': toInstant(grant.notBefore) },
      DateLessThan: { 'aws:CurrentTime': toInstant(grant.notAfter) },
      StringEquals: { 'aws:userid': request.principal.uniqueId },
    })
  })

  it('GRA-05 another statement gives another document hash', () => {
    const request = aRequest()
    const wider = STATEMENTS.map(statement => ({ ...statement, resources: ['*'] }))

    expect(intend(request, wider, ASKED_AT).documentHash).not.toBe(intend(request, STATEMENTS, ASKED_AT).documentHash)
  })

  it('GRA-05 is written in events with its instants as text', () => {
    const grant = grantOf(anApprovedRequest({ id: ID, approvedAt: ASKED_AT }))

    expect(grantJson(grant)).toEqual({
      notBefore: '2027-03-01T10:00:00Z',
      notAfter: '2027-03-01T11:00:00Z',
      policyArn: grant.policyArn,
      documentHash: grant.documentHash,
    })
  })
})

const request = anApprovedRequest({
  ticket: 'OPS-1',
  earliestStart: new Date('2027-03-01T12:00:00Z'),
  parameters: { bucket: 'acme' },
})
const grant = grantOf(request)
const [stage] = request.stages

/** Every field of a request, each with a tampering. A new field does not compile until it is put here. */
const TAMPERED: Record<keyof Request, readonly Partial<Request>[]> = {
  id: [{ id: ID }],
  status: [{ status: 'ACTIVE' }],
  requester: [{ requester: 'mallory' }],
  principal: [
    { principal: { ...request.principal, uniqueId: 'AIDAMALLORY' } },
    { principal: { ...request.principal, arn: 'arn:aws:iam::111122223333:user/people/mallory' } },
  ],
  entitlement: [{ entitlement: 'admin' }],
  parameters: [{ parameters: { bucket: 'other' } }, { parameters: {} }, { parameters: { bucket: 'acme', more: 'x' } }],
  durationSeconds: [{ durationSeconds: request.durationSeconds + 1 }],
  reason: [{ reason: `${request.reason}.` }],
  ticket: [{ ticket: 'OPS-2' }, { ticket: undefined }],
  earliestStart: [{ earliestStart: new Date('2027-03-01T12:00:01Z') }, { earliestStart: undefined }],
  from: [{ from: '192.0.2.66' }, { from: undefined }],
  askedAt: [{ askedAt: plusSeconds(request.askedAt, 1) }],
  rule: [{ rule: 'another' }],
  asIs: [{ asIs: { policyArn: 'arn:aws:iam::aws:policy/AdministratorAccess', documentHash: 'a' } }],
  accessHash: [{ accessHash: '0'.repeat(64) }],
  stages: [
    { stages: [] },
    { stages: request.stages.map(each => ({ ...each, name: 'other' })) },
    { stages: request.stages.map(each => ({ ...each, quorum: 2 })) },
    { stages: request.stages.map(each => ({ ...each, approvers: [...each.approvers, 'mallory'] })) },
    { stages: request.stages.map(each => ({ ...each, escalateTo: ['mallory'] })) },
    { stages: request.stages.map(each => ({ ...each, escalatedAt: ASKED_AT })) },
    { stages: [...request.stages, ...(stage ? [stage] : [])] },
  ],
  answerBy: [{ answerBy: plusSeconds(request.answerBy, 1) }],
  decisions: [
    { decisions: [] },
    { decisions: request.decisions.map(each => ({ ...each, durationSeconds: 60 })) },
    { decisions: request.decisions.map(each => ({ ...each, via: 'signed' })) },
  ],
  automatic: [{ automatic: 'small asks' }],
  isBreakGlass: [{ isBreakGlass: true }],
  extends: [{ extends: ID }],
  debt: [{ debt: { dueBy: ASKED_AT, reviewers: ['bob'] } }],
  grant: [{ grant: undefined }],
  endOrder: [{ endOrder: { cause: 'revoked', by: { person: 'adam' } } }],
  ending: [{ ending: { receipt: { policyArn: 'x', verifiedAt: ASKED_AT, policy: 'NoSuchEntity', detached: 0 } } }],
  books: [{ books: { closedAt: ASKED_AT, hash: 'x' } }],
  lastEvent: [{ lastEvent: { sequence: 9, hash: 'x' } }],
}

/** What changes after the approval, has its own proof in the chain of events, or only says where from. The grant is given beside the request. */
const NOT_APPROVED = new Set(['status', 'from', 'grant', 'endOrder', 'ending', 'books', 'lastEvent'])
const NOT_SHOWN = new Set([...NOT_APPROVED, 'askedAt', 'stages', 'answerBy', 'decisions', 'debt'])

const tamperings = Object.entries(TAMPERED).flatMap(([field, changes]) =>
  changes.map((change, index) => ({ field, way: index + 1, change })),
)

describe('the hash of an approval', () => {
  it.each(tamperings.filter(({ field }) => !NOT_APPROVED.has(field)))(
    'APP-04 changes with $field tampered (way $way)',
    ({ change }) => {
      expect(approvalHash({ ...request, ...change }, grant)).not.toBe(approvalHash(request, grant))
    },
  )

  it.each(tamperings.filter(({ field }) => NOT_APPROVED.has(field)))(
    'APP-04 stays while $field moves on (way $way)',
    ({ change }) => {
      expect(approvalHash({ ...request, ...change }, grant)).toBe(approvalHash(request, grant))
    },
  )

  it('APP-04 changes with any field of the grant tampered', () => {
    const changes: Record<Exclude<keyof Grant, 'statements'>, Partial<Grant>> = {
      notBefore: { notBefore: plusSeconds(grant.notBefore, -1) },
      notAfter: { notAfter: plusSeconds(grant.notAfter, 1) },
      policyArn: { policyArn: `${grant.policyArn}x` },
      documentHash: { documentHash: '0'.repeat(64) },
    }
    const hashes = Object.values(changes).map(change => approvalHash(request, { ...grant, ...change }))

    expect(new Set([approvalHash(request, grant), ...hashes]).size).toBe(5)
  })

  it('APP-04 changes with the document of other statements, and stays where code of before does not know them', () => {
    const { statements: _, ...older } = grant
    const wider = intend(request, [{ actions: ['*'], resources: ['*'] }], grant.notBefore)

    expect(approvalHash(request, older)).toBe(approvalHash(request, grant))
    expect(approvalHash(request, wider)).not.toBe(approvalHash(request, grant))
  })
})

describe('the hash of what an approver is shown', () => {
  it.each(tamperings.filter(({ field }) => !NOT_SHOWN.has(field)))(
    'APP-04 changes with $field tampered (way $way)',
    ({ change }) => {
      expect(shownHash({ ...request, ...change }, STATEMENTS)).not.toBe(shownHash(request, STATEMENTS))
    },
  )

  it.each(tamperings.filter(({ field }) => NOT_SHOWN.has(field)))(
    'APP-04 stays while $field moves on (way $way)',
    ({ change }) => {
      expect(shownHash({ ...request, ...change }, STATEMENTS)).toBe(shownHash(request, STATEMENTS))
    },
  )

  it.each([
    ['an action', { actions: ['s3:*'] }],
    ['a resource', { resources: ['*'] }],
    ['a condition', { conditions: { Bool: { 'aws:MultiFactorAuthPresent': 'false' } } }],
  ])('APP-04 changes with %s of a statement', (_, change) => {
    const statements = STATEMENTS.map(statement => ({ ...statement, ...change }))

    expect(shownHash(request, statements)).not.toBe(shownHash(request, STATEMENTS))
  })

  it('APP-04 changes with a statement more or less', () => {
    expect(shownHash(request, [])).not.toBe(shownHash(request, STATEMENTS))
    expect(shownHash(request, [...STATEMENTS, ...STATEMENTS])).not.toBe(shownHash(request, STATEMENTS))
  })
})
