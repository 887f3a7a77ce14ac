import { describe, expect, it } from '@jest/globals'
import { activityHash, activityOf } from '../../lambdas/domain/activity/activity.ts'
import { owing } from '../../lambdas/domain/activity/books.ts'
import { allowsAction, isMatch, surelyAllows } from '../../lambdas/domain/activity/granted.ts'
import { fail } from '../../lambdas/domain/lifecycle.ts'
import type { Statement } from '../../lambdas/domain/parameters.ts'
import { STATUSES } from '../../lambdas/domain/request.ts'
import { anApprovedRequest, aReceipt, aRequestIn } from '../support/a-request.ts'
import { aCallOf } from '../support/recorded-trail.ts'

const WINDOW = { from: new Date('2027-03-01T10:00:00Z'), until: new Date('2027-03-01T11:00:00Z') }
const HEAD = {
  requestId: '01MG08GPFT0000000000000001',
  state: 'final',
  readAt: new Date('2027-03-01T13:00:00Z'),
  coverage: { ...WINDOW, events: 'management', regions: ['us-east-1'], pages: 1, isCut: false, unreadable: 0 },
} as const
const STATEMENTS: readonly Statement[] = [{ actions: ['ec2:Describe*'], resources: ['*'] }]

describe('what a statement allows', () => {
  it.each([
    ['ec2:Describe*', 'ec2:DescribeInstances', true],
    ['EC2:describe*', 'ec2:DescribeInstances', true],
    ['ec2:Describe*', 'ec2:StopInstances', false],
    ['ec2:?topInstances', 'ec2:StopInstances', true],
    ['ec2:Stop', 'ec2:StopInstances', false],
    ['*', 'iam:GetUser', true],
    ['ec2.Describe*', 'ec2:DescribeInstances', false],
  ])('AUD-05 by the action %s of %s is %s', (pattern, action, isAllowed) => {
    expect(allowsAction([{ actions: [pattern], resources: ['*'] }], action)).toBe(isAllowed)
  })

  it('AUD-05 is not what it excepts', () => {
    const statement = { actions: ['*'], exceptActions: ['iam:*'], resources: ['*'] }

    expect(allowsAction([statement], 'iam:GetUser')).toBe(false)
    expect(allowsAction([statement], 'ec2:StopInstances')).toBe(true)
  })

  it('AUD-05 is sure only of what the event names by ARN, and of nothing excepted', () => {
    const at = WINDOW.from
    const on = (statement: Partial<Statement>, ...resources: string[]) =>
      surelyAllows([{ actions: ['s3:*'], resources: ['arn:aws:s3:::prod-*'], ...statement }], {
        ...aCallOf({ at, action: 's3:GetBucketPolicy' }),
        resources,
      })

    expect(on({}, 'arn:aws:s3:::prod-logs')).toBe(true)
    expect(on({}, 'arn:aws:s3:::PROD-logs')).toBe(false)
    expect(on({}, 'prod-logs')).toBe(false)
    expect(on({})).toBe(false)
    expect(on({ resources: ['*'] })).toBe(true)
    expect(on({ resources: ['*'], exceptResources: ['arn:aws:s3:::mine'] }, 'arn:aws:s3:::mine')).toBe(false)
    expect(on({ resources: ['*'], exceptResources: ['arn:aws:s3:::mine'] })).toBe(false)
  })

  it('AUD-05 takes many wildcards without end', () => {
    expect(isMatch('*'.repeat(200), 'a'.repeat(300))).toBe(true)
  })
})

describe('what was done', () => {
  it('AUD-04 is bounded, says how much is left out, and stays far below the size of a row', () => {
    const long = 'x'.repeat(5000)
    const calls = Array.from({ length: 500 }, (_, index) =>
      aCallOf({ at: WINDOW.from, eventId: `${index}`, action: `ec2:A${index}`, resources: [`${index}${long}`] }),
    )
    const violations = calls.map(call => ({ ...call, when: 'after-end' as const }))

    const activity = activityOf(HEAD, { calls, window: WINDOW, statements: STATEMENTS, violations })

    expect(activity.leftOut).toEqual({ actions: 400, resources: 400, violations: 480 })
    expect(JSON.stringify(activity).length).toBeLessThan(100_000)
  })

  it('AUD-04 keeps the actions that were seen of a policy that names more than is kept, and says how many are left out', () => {
    const actions = Array.from({ length: 2000 }, (_, index) => `ec2:A${index}`)
    const statements = [{ actions, resources: ['*'] }]
    const calls = [aCallOf({ at: WINDOW.from, action: 'ec2:A1999' })]

    const { granted, leftOut } = activityOf(HEAD, { calls, window: WINDOW, statements, violations: [] })

    expect(granted).toHaveLength(300)
    expect(granted.slice(0, 2)).toEqual([
      { pattern: 'ec2:A1999', isSeen: true },
      { pattern: 'ec2:A0', isSeen: false },
    ])
    expect(leftOut).toEqual({ actions: 0, resources: 0, violations: 0, granted: 1700 })
  })

  it('AUD-04 has not seen the actions of a statement when what was done is excepted from it', () => {
    const statements = [{ actions: ['*'], exceptActions: ['iam:*'], resources: ['*'] }]
    const calls = [aCallOf({ at: WINDOW.from, action: 'iam:ListUsers' })]

    expect(activityOf(HEAD, { calls, window: WINDOW, statements, violations: [] })).toMatchObject({
      grantUse: 'not-seen',
      granted: [{ pattern: '*', isSeen: false }],
    })
  })

  it('AUD-04 is of the window from its first second up to, not including, its last', () => {
    const calls = [-1, 0, 3599, 3600].map((seconds, index) =>
      aCallOf({ eventId: `${index}`, at: new Date(WINDOW.from.getTime() + seconds * 1000) }),
    )

    const { actions } = activityOf(HEAD, { calls, window: WINDOW, statements: STATEMENTS, violations: [] })

    expect(actions).toMatchObject([{ calls: 2, first: WINDOW.from, last: new Date('2027-03-01T10:59:59Z') }])
  })

  it('AUD-04 has another hash when anything in it is another', () => {
    const seen = { calls: [aCallOf({ at: WINDOW.from })], window: WINDOW, statements: STATEMENTS, violations: [] }
    const activity = activityOf(HEAD, seen)

    expect(activityHash(activity)).toBe(activityHash(activityOf(HEAD, seen)))
    expect(activityHash({ ...activity, resources: ['i-2'] })).not.toBe(activityHash(activity))
    expect(activityHash({ ...activity, readAt: WINDOW.from })).not.toBe(activityHash(activity))
  })
})

describe('the books', () => {
  it('AUD-04 are owed by what is ended and by what failed after something may have been attached', () => {
    expect(STATUSES.filter(status => owing(aRequestIn(status)))).toEqual(['ENDED'])
    const approved = anApprovedRequest()
    const by = { service: 'revoker' }
    expect(owing(fail(approved, 'not read back', approved.askedAt, by, aReceipt(approved)).to)).toBeDefined()
    expect(owing(fail(approved, 'never issued', approved.askedAt, by).to)).toBeUndefined()
  })
})
