import { describe, expect, it } from '@jest/globals'
import { plusSeconds } from '../../lambdas/domain/instant.ts'
import { STATUSES, type Status } from '../../lambdas/domain/request.ts'
import {
  type Attachment,
  DUE_GRACE_SECONDS,
  isGrantPolicy,
  judgePolicy,
  judgeRequest,
  requestIdOfPolicy,
  STUCK_SECONDS,
} from '../../lambdas/domain/sweep.ts'
import { anApprovedRequest, aRequest, aRequestIn, grantOf } from '../support/a-request.ts'
import { aSession } from '../support/a-role.ts'

const ALICE = { arn: 'arn:aws:iam::111122223333:user/people/alice', uniqueId: 'AIDAALICE' }
const HOLDERS = {
  alice: { kind: 'user', name: 'alice', uniqueId: 'AIDAALICE' },
  'alice made again': { kind: 'user', name: 'alice', uniqueId: 'AIDAOTHER' },
  mallory: { kind: 'user', name: 'mallory', uniqueId: 'AIDAMALLORY' },
  'a role': { kind: 'role', name: 'deployer', uniqueId: 'AROADEPLOYER' },
  'the role made again': { kind: 'role', name: 'deployer', uniqueId: 'AROAOTHER' },
  'a group': { kind: 'group', name: 'everyone', uniqueId: 'AGPAEVERYONE' },
} as const satisfies Record<string, Attachment>
type Holder = keyof typeof HOLDERS
const at = (time: string) => new Date(`2027-03-01T${time}Z`)

describe('a policy of a session of a role', () => {
  const principal = aSession('AROADEPLOYER')
  const request = aRequestIn('ACTIVE', { principal })
  const judged = (...has: readonly Holder[]) => {
    const { policyArn: arn, documentHash } = grantOf(request)
    const attachedTo = has.map(name => HOLDERS[name])
    return judgePolicy({ arn, defaultVersionId: 'v1', documentHash, attachedTo }, request, false, at('10:20:00'))
  }

  it('END-06 is left to the role, whose unique id it has', () => {
    expect(judged('a role')).toEqual({ verdict: 'leave' })
  })

  it('END-06 is taken from a user, a group and another role that have it too', () => {
    expect(judged('a role', 'mallory', 'a group')).toMatchObject({
      verdict: 'detach',
      from: [HOLDERS.mallory, HOLDERS['a group']],
    })
    expect(judged('a role', 'the role made again')).toMatchObject({
      verdict: 'detach',
      from: [HOLDERS['the role made again']],
    })
  })

  it('END-06 ends the grant when the role lost it, though one of its name has it', () => {
    expect(judged('the role made again')).toMatchObject({ verdict: 'end', cause: 'external' })
  })
})

/** The request of the tables: approved at 10:15 for an hour. */
const requestIn = (status: Status) => aRequestIn(status, { principal: ALICE })
const HASH = grantOf(requestIn('APPROVED')).documentHash

interface PolicyCase {
  readonly status: Status
  readonly has?: readonly Holder[]
  readonly version?: string
  /** The document in force is not the one that was approved. */
  readonly changed?: boolean
  readonly time?: string
  readonly frozen?: boolean
  readonly verdict: string
  readonly cause?: string
}

function judged({ status, has = ['alice'], version = 'v1', changed, time = '10:20:00', frozen = false }: PolicyCase) {
  const request = requestIn(status)
  const arn = request.grant?.policyArn ?? `arn:aws:iam::111122223333:policy/lapse/grant/20270301T111500Z/${request.id}`
  const attachedTo = has.map(name => HOLDERS[name])
  const found = { arn, defaultVersionId: version, documentHash: changed ? 'f'.repeat(64) : HASH, attachedTo }
  return judgePolicy(found, request, frozen, at(time))
}

describe('a policy of a request', () => {
  it.each<PolicyCase>([
    // In force, as it should be: from its first second to the end of the grace.
    { status: 'ACTIVE', time: '10:15:00', verdict: 'leave' },
    { status: 'ACTIVE', time: '11:14:59', verdict: 'leave' },
    { status: 'ACTIVE', time: '11:15:00', verdict: 'leave' },
    { status: 'ACTIVE', time: '11:15:59', verdict: 'leave' },
    { status: 'ACTIVE', time: '11:16:00', verdict: 'end' },
    { status: 'ACTIVE', time: '11:16:01', verdict: 'end' },
    { status: 'ACTIVE', time: '23:59:59', verdict: 'end' },
    // Due: whoever has it, in whatever version, it is its planned end.
    { status: 'ACTIVE', time: '11:16:00', has: [], verdict: 'end' },
    { status: 'ACTIVE', time: '11:16:00', has: ['mallory'], verdict: 'end' },
    { status: 'ACTIVE', time: '11:16:00', version: 'v2', verdict: 'end' },
    { status: 'APPROVED', time: '11:16:00', has: [], verdict: 'end' },
    // Changed by others.
    { status: 'ACTIVE', version: 'v2', verdict: 'end', cause: 'external' },
    { status: 'ACTIVE', version: 'v10', has: [], verdict: 'end', cause: 'external' },
    { status: 'ACTIVE', changed: true, verdict: 'end', cause: 'external' },
    { status: 'APPROVED', changed: true, has: [], verdict: 'end', cause: 'external' },
    // IAM may take two minutes to show an attachment to everybody.
    { status: 'ACTIVE', has: [], time: '10:16:59', verdict: 'leave' },
    { status: 'ACTIVE', has: [], time: '10:17:00', verdict: 'end', cause: 'external' },
    { status: 'ACTIVE', changed: true, time: '10:16:59', verdict: 'end', cause: 'external' },
    { status: 'ACTIVE', has: ['alice', 'mallory'], time: '10:16:59', verdict: 'detach' },
    { status: 'ACTIVE', has: [], verdict: 'end', cause: 'external' },
    { status: 'ACTIVE', has: ['mallory'], verdict: 'end', cause: 'external' },
    { status: 'ACTIVE', has: ['alice made again'], verdict: 'end', cause: 'external' },
    { status: 'ACTIVE', has: ['a role', 'a group'], verdict: 'end', cause: 'external' },
    { status: 'ACTIVE', has: ['alice', 'mallory'], verdict: 'detach' },
    { status: 'ACTIVE', has: ['a group', 'alice', 'a role'], verdict: 'detach' },
    { status: 'ACTIVE', has: ['mallory', 'alice'], time: '11:15:59', verdict: 'detach' },
    // On its way: a quarter of an hour from the decision.
    { status: 'APPROVED', time: '10:15:00', has: [], verdict: 'leave' },
    { status: 'APPROVED', time: '10:29:59', has: [], verdict: 'leave' },
    { status: 'APPROVED', time: '10:29:59', verdict: 'leave' },
    { status: 'APPROVED', time: '10:30:00', has: [], verdict: 'end' },
    { status: 'APPROVED', time: '10:30:00', verdict: 'end' },
    { status: 'APPROVED', time: '10:30:01', verdict: 'end' },
    { status: 'APPROVED', version: 'v2', verdict: 'end', cause: 'external' },
    // Frozen: everything that lives goes, for that reason.
    { status: 'ACTIVE', frozen: true, verdict: 'end', cause: 'frozen' },
    { status: 'ACTIVE', frozen: true, version: 'v2', verdict: 'end', cause: 'frozen' },
    { status: 'ACTIVE', frozen: true, has: ['alice', 'mallory'], verdict: 'end', cause: 'frozen' },
    { status: 'APPROVED', frozen: true, has: [], verdict: 'end', cause: 'frozen' },
    // Over, and its policy is there: a second look, whatever else.
    { status: 'ENDED', verdict: 'end' },
    { status: 'ENDED', has: [], version: 'v2', verdict: 'end' },
    { status: 'ENDED', frozen: true, verdict: 'end' },
    // Never had a grant: the policy is nobody's.
    { status: 'PENDING', verdict: 'remove' },
    { status: 'PENDING', frozen: true, verdict: 'remove' },
    { status: 'REFUSED', verdict: 'remove' },
    { status: 'DENIED', verdict: 'remove' },
    { status: 'UNANSWERED', verdict: 'remove' },
    { status: 'CANCELLED', verdict: 'remove' },
    { status: 'FAILED', verdict: 'remove' },
  ])(
    'END-06 $status, held by $has, $version, changed $changed, at $time, frozen $frozen: $verdict',
    ({ verdict, cause, ...rest }) => {
      const answer = judged({ verdict, ...rest })

      expect({ verdict: answer.verdict, ...('cause' in answer && answer.cause && { cause: answer.cause }) }).toEqual({
        verdict,
        ...(cause && { cause }),
      })
      if (answer.verdict !== 'leave') expect(answer.why).not.toBe('')
    },
  )

  it('END-02 a grant that failed after its approval and whose policy is there gets a second look', () => {
    const approved = anApprovedRequest({ principal: ALICE })
    const found = { arn: grantOf(approved).policyArn, defaultVersionId: 'v1', documentHash: HASH, attachedTo: [] }

    expect(judgePolicy(found, { ...approved, status: 'FAILED' }, false, at('10:20:00')).verdict).toBe('end')
  })

  it.each(['APPROVED', 'ACTIVE'] as const)(
    'END-04 of a request that is %s whose end was ordered goes at once',
    status => {
      const request = { ...requestIn(status), endOrder: { cause: 'returned', by: { person: 'alice' } } } as const
      const attachedTo = status === 'ACTIVE' ? [HOLDERS.alice] : []
      const found = { arn: grantOf(request).policyArn, defaultVersionId: 'v1', documentHash: HASH, attachedTo }

      expect(judgePolicy(found, request, false, at('10:15:01')).verdict).toBe('end')
      expect(judgeRequest(request, at('10:15:01')).verdict).toBe('end')
    },
  )

  it('END-06 only the holders that are not its person lose it', () => {
    expect(judged({ status: 'ACTIVE', has: ['a group', 'alice', 'a role', 'mallory'], verdict: '' })).toMatchObject({
      from: [HOLDERS['a group'], HOLDERS['a role'], HOLDERS.mallory],
    })
  })

  it.each(STATUSES)('END-06 of no request, or under another ARN than its request (%s) says, is removed', status => {
    const request = requestIn(status)
    const arn = `arn:aws:iam::111122223333:policy/lapse/grant/20990101T000000Z/${request.id}`
    const found = { arn, defaultVersionId: 'v1', documentHash: HASH, attachedTo: [HOLDERS.alice] }

    for (const isFrozen of [false, true]) {
      expect(judgePolicy(found, undefined, isFrozen, at('10:20:00')).verdict).toBe('remove')
      expect(judgePolicy(found, request, isFrozen, at('10:20:00')).verdict).toBe('remove')
    }
  })

  it('END-02 the grace is a minute and the time to get stuck a quarter of an hour', () => {
    expect([DUE_GRACE_SECONDS, STUCK_SECONDS]).toEqual([60, 900])
  })
})

describe('an open request without a policy', () => {
  it.each<{ status: Status; time: string; verdict: string }>([
    { status: 'ACTIVE', time: '10:20:00', verdict: 'end' },
    { status: 'ACTIVE', time: '11:14:59', verdict: 'end' },
    { status: 'APPROVED', time: '10:15:00', verdict: 'leave' },
    { status: 'APPROVED', time: '10:15:59', verdict: 'leave' },
    { status: 'APPROVED', time: '10:16:00', verdict: 'wake' },
    { status: 'APPROVED', time: '10:29:59', verdict: 'wake' },
    { status: 'APPROVED', time: '10:30:00', verdict: 'end' },
    { status: 'APPROVED', time: '10:30:01', verdict: 'end' },
    // Four hours to answer, and five minutes for the execution to say so.
    { status: 'PENDING', time: '10:00:00', verdict: 'leave' },
    { status: 'PENDING', time: '14:00:00', verdict: 'leave' },
    { status: 'PENDING', time: '14:04:59', verdict: 'leave' },
    { status: 'PENDING', time: '14:05:00', verdict: 'give-up' },
    { status: 'PENDING', time: '14:05:01', verdict: 'give-up' },
    { status: 'ENDED', time: '23:00:00', verdict: 'leave' },
    { status: 'REFUSED', time: '23:00:00', verdict: 'leave' },
    { status: 'DENIED', time: '23:00:00', verdict: 'leave' },
    { status: 'UNANSWERED', time: '23:00:00', verdict: 'leave' },
    { status: 'CANCELLED', time: '23:00:00', verdict: 'leave' },
    { status: 'FAILED', time: '23:00:00', verdict: 'leave' },
  ])('END-02 $status at $time: $verdict', ({ status, time, verdict }) => {
    expect(judgeRequest(requestIn(status), at(time)).verdict).toBe(verdict)
  })

  it('END-02 the time to get stuck counts from the last decision', () => {
    const stages = [{ name: 'owner', approvers: ['bob', 'carol'], quorum: 2 }]
    const request = anApprovedRequest({ stages, approvedAt: at('13:00:00') })

    expect(judgeRequest(request, plusSeconds(at('13:00:00'), STUCK_SECONDS - 1)).verdict).toBe('wake')
    expect(judgeRequest(request, plusSeconds(at('13:00:00'), STUCK_SECONDS)).verdict).toBe('end')
  })
})

describe('a policy’s ARN', () => {
  it('END-06 names its request, and says whether it lies under Lapse’s path', () => {
    const request = anApprovedRequest()

    expect(requestIdOfPolicy(grantOf(request).policyArn)).toBe(request.id)
    expect(isGrantPolicy(grantOf(request).policyArn)).toBe(true)
    expect(isGrantPolicy('arn:aws:iam::aws:policy/AdministratorAccess')).toBe(false)
    expect(isGrantPolicy('arn:aws:iam::111122223333:policy/other/lapse/grant/x')).toBe(false)
    expect(aRequest().grant).toBeUndefined()
  })
})
