import { describe, expect, it } from '@jest/globals'
import { ContextError, contextOf } from '../../lib/context.ts'

const BOUNDARY = 'arn:aws:iam::111122223333:policy/people/boundary'

function refusal(given: Readonly<Record<string, unknown>>): string {
  try {
    contextOf(given)
  } catch (error) {
    if (error instanceof ContextError) return error.message
    throw error
  }
  return 'taken'
}

describe('the context of the app', () => {
  it('OPS-01 has its defaults where nothing, or nothing but emptiness, is given', () => {
    const defaults = { retentionDays: 400, boundaries: [], attachmentsPerUser: 10, concurrency: 'on', tags: [] }

    expect(contextOf({})).toEqual(defaults)
    expect(contextOf({ publicUrl: '', retentionDays: '', boundaries: '', tags: '' })).toEqual(defaults)
  })

  it('OPS-01 is read as it is given, as text or as a cdk.json has it', () => {
    expect(
      contextOf({
        access: 'our-access.yaml',
        publicUrl: 'https://lapse.example.com',
        retentionDays: 1,
        boundaries: `${BOUNDARY}, arn:aws-us-gov:iam::aws:policy/ReadOnlyAccess`,
        attachmentsPerUser: '20',
        trail: 's3://acme-trail/AWSLogs/111122223333/CloudTrail',
        trailKey: 'arn:aws:kms:eu-central-1:111122223333:key/0f3f5f4e-6a0a-4a3e-9d52-000000000000',
        concurrency: 'off',
        tags: 'team=security,owner=',
      }),
    ).toMatchObject({
      retentionDays: 1,
      boundaries: [BOUNDARY, 'arn:aws-us-gov:iam::aws:policy/ReadOnlyAccess'],
      attachmentsPerUser: 20,
      concurrency: 'off',
      tags: [
        ['team', 'security'],
        ['owner', ''],
      ],
    })
  })

  it.each([
    ['publicUrl', 'lapse.example.com'],
    ['publicUrl', 'http://lapse.example.com'],
    ['publicUrl', 'https://lapse.example.com/'],
    ['publicUrl', 'https://lapse.example.com?a=b'],
    ['publicUrl', 'http://localhost.example.com'],
    ['retentionDays', '0'],
    ['retentionDays', '400d'],
    ['retentionDays', '1.5'],
    ['retentionDays', '36501'],
    ['retentionDays', 'NaN'],
    ['boundaries', 'people-boundary'],
    ['boundaries', `${BOUNDARY},`],
    ['attachmentsPerUser', 'abc'],
    ['attachmentsPerUser', '0'],
    ['trail', 'acme-trail'],
    ['trailKey', 'alias/trail'],
    ['concurrency', 'no'],
    ['tags', 'team'],
  ])('OPS-01 is refused with what would be right: %s=%s', (key, value) => {
    expect(refusal({ [key]: value })).toMatch(new RegExp(`^-c ${key}=.*: it must be .{5}`))
  })

  it('OPS-01 is refused where a key is mistyped, and everything wrong is said at once', () => {
    expect(refusal({ retentiondays: '1' })).toBe(
      '-c retentiondays=…: there is no such context; did you mean retentionDays',
    )
    expect(refusal({ boundarie: BOUNDARY, tags: 'x', trail: 'x' }).split('\n')).toHaveLength(3)
  })

  it('OPS-01 leaves keys of the CDK and of others alone', () => {
    expect(
      refusal({ '@aws-cdk/core:enablePartitionLiterals': true, 'aws:cdk:bundling-stacks': [], cluster: 'x' }),
    ).toBe('taken')
  })

  it('OPS-01 takes an address without TLS only of this machine', () => {
    expect(contextOf({ publicUrl: 'http://127.0.0.1:4566/restapis/x' }).publicUrl).toBe(
      'http://127.0.0.1:4566/restapis/x',
    )
  })
})
