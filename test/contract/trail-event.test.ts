import { describe, expect, it } from '@jest/globals'
import { activityRow, readActivity } from '../../lambdas/contract/activity-row.ts'
import { readTrailEvent } from '../../lambdas/contract/trail-event.ts'
import { StoredShapeError } from '../../lambdas/domain/errors.ts'

const EVENT = {
  eventVersion: '1.11',
  userIdentity: { type: 'IAMUser', principalId: 'AIDAALICE', userName: 'alice' },
  eventTime: '2027-03-01T10:30:00Z',
  eventSource: 'ec2.amazonaws.com',
  eventName: 'StopInstances',
  sourceIPAddress: '198.51.100.7',
  requestParameters: { secret: 'never kept' },
  eventID: '11111111-2222-3333-4444-555555555555',
  readOnly: false,
  resources: [{ ARN: 'arn:aws:ec2:::instance/i-1' }, { accountId: '111122223333' }],
}

describe('an event of CloudTrail', () => {
  it('AUD-04 is read as who did what to what, and nothing else of it is kept', () => {
    expect(readTrailEvent(JSON.stringify(EVENT), ['i-1', 'i-1'])).toEqual({
      eventId: EVENT.eventID,
      action: 'ec2:StopInstances',
      at: new Date('2027-03-01T10:30:00Z'),
      isReadOnly: false,
      resources: ['arn:aws:ec2:::instance/i-1', 'i-1'],
      principalId: 'AIDAALICE',
    })
  })

  it.each([
    ['a boolean', true],
    ['a text', 'true'],
  ])('AUD-04 may say that it only reads by %s', (_, readOnly) => {
    expect(readTrailEvent(JSON.stringify({ ...EVENT, readOnly, errorCode: 'AccessDenied' }), [])).toMatchObject({
      isReadOnly: true,
      error: 'AccessDenied',
    })
  })

  it.each([
    ['nothing', undefined],
    ['no JSON', '{'],
    ['no object', '"x"'],
    ['without an id', JSON.stringify({ ...EVENT, eventID: undefined })],
    ['without a time', JSON.stringify({ ...EVENT, eventTime: 'yesterday' })],
    ['of a time there is not', JSON.stringify({ ...EVENT, eventTime: '2027-13-01T10:30:00Z' })],
    ['without a name', JSON.stringify({ ...EVENT, eventName: '' })],
    ['without an identity', JSON.stringify({ ...EVENT, userIdentity: null })],
  ])('AUD-04 that is %s is none, and no error', (_, text) => {
    expect(readTrailEvent(text, [])).toBeUndefined()
  })

  it.each([
    ['monitoring.amazonaws.com', 'PutMetricAlarm', 'cloudwatch:PutMetricAlarm'],
    ['s3.amazonaws.com', 'ListBuckets', 's3:ListAllMyBuckets'],
    ['lambda.amazonaws.com', 'ListFunctions20150331', 'lambda:ListFunctions'],
    ['lambda.amazonaws.com', 'UpdateFunctionCode20150331v2', 'lambda:UpdateFunctionCode'],
    ['cloudfront.amazonaws.com', 'CreateDistribution2020_05_31', 'cloudfront:CreateDistribution'],
    ['iam.amazonaws.com', 'GetUser', 'iam:GetUser'],
    ['lambda.amazonaws.com', 'Invoke', 'lambda:InvokeFunction'],
    ['autoscaling.amazonaws.com', 'RegisterScalableTarget', 'application-autoscaling:RegisterScalableTarget'],
    ['kms.amazonaws.com', 'ReEncrypt', 'kms:ReEncryptFrom'],
    ['cloudcontrolapi.amazonaws.com', 'CreateResource', 'cloudformation:CreateResource'],
    ['apigateway.amazonaws.com', 'GetRestApis', 'apigateway:GET'],
    ['apigateway.amazonaws.com', 'CreateRestApi', 'apigateway:POST'],
    ['apigateway.amazonaws.com', 'PutMethod', 'apigateway:PUT'],
    ['apigateway.amazonaws.com', 'UpdateStage', 'apigateway:PATCH'],
    ['apigateway.amazonaws.com', 'FlushStageCache', 'apigateway:DELETE'],
    ['s3.amazonaws.com', 'HeadObject', 's3:GetObject'],
    ['s3.amazonaws.com', 'UploadPart', 's3:PutObject'],
    ['s3.amazonaws.com', 'DeleteObjects', 's3:DeleteObject'],
    ['s3.amazonaws.com', 'ListObjectVersions', 's3:ListBucketVersions'],
    ['s3.amazonaws.com', 'DeleteBucketPublicAccessBlock', 's3:PutBucketPublicAccessBlock'],
  ])('AUD-04 of %s %s is the action %s', (eventSource, eventName, action) => {
    expect(readTrailEvent(JSON.stringify({ ...EVENT, eventSource, eventName }), [])?.action).toBe(action)
  })
})

describe('the row of what was done', () => {
  it('AUD-04 that is not what was written is refused by its key and members, without their values', () => {
    const row = { pk: 'REQUEST#1', sk: 'ACTIVITY', requestId: '1', state: 'secret' }

    expect(() => readActivity(row)).toThrow(StoredShapeError)
    expect(() => readActivity(row)).toThrow(/REQUEST#1 ACTIVITY .*state/)
    expect(() => readActivity(row)).not.toThrow(/secret/)
  })

  it('AUD-04 holds its instants as text', () => {
    const at = new Date('2027-03-01T10:30:00Z')
    const row = activityRow({
      requestId: '1',
      state: 'final',
      readAt: at,
      coverage: {
        events: 'management',
        regions: [],
        from: at,
        until: at,
        pages: 0,
        isCut: false,
        unreadable: 0,
      },
      grantUse: 'not-seen',
      granted: [],
      actions: [],
      resources: [],
      violations: [],
      leftOut: { actions: 0, resources: 0, violations: 0 },
    })

    expect(row).toMatchObject({ pk: 'REQUEST#1', sk: 'ACTIVITY', kind: 'activity', readAt: '2027-03-01T10:30:00Z' })
  })
})
