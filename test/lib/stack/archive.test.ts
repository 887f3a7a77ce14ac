import { describe, expect, it } from '@jest/globals'
import * as z from 'zod'
import { CLOSED_STATUSES } from '../../../lambdas/domain/request.ts'
import { synthesized } from '../../support/synthesized.ts'
import { rolesOf, statementsOf } from '../../support/template-policies.ts'

const { resources } = synthesized()
const at = (path: string) => resources.find(resource => resource.path === path)
const ofType = (type: string) => resources.filter(resource => resource.type === type)
const $filters = z.object({ Filters: z.array(z.object({ Pattern: z.string() })) })

describe('the way into the archive', () => {
  const source = at('Archiving/Source')?.properties ?? {}

  it('FI-21 halves a batch that fails, tries ten times more, leaves its place in the queue, and goes on', () => {
    const [queue] = ofType('AWS::SQS::Queue')

    expect(source).toMatchObject({
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 10,
      MaximumRecordAgeInSeconds: 23 * 3600,
      DestinationConfig: { OnFailure: { Destination: `arn:aws:sqs:eu-west-1:111122223333:Lapse-${queue?.id}` } },
    })
  })

  it('AUD-03 begins with the oldest the stream has, in large batches, so that there are few objects', () => {
    expect(source).toMatchObject({
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: 10_000,
      MaximumBatchingWindowInSeconds: 60,
    })
  })

  it('AUD-03 is shown new events and requests that are over, and nothing else', () => {
    const patterns = $filters.parse(source.FilterCriteria).Filters.map(({ Pattern }) => JSON.parse(Pattern))

    expect(patterns).toEqual([
      { eventName: ['INSERT'], dynamodb: { NewImage: { kind: { S: ['event'] } } } },
      { dynamodb: { NewImage: { kind: { S: ['request'] }, status: { S: CLOSED_STATUSES } } } },
    ])
  })
})

describe('the sealing', () => {
  it('AUD-02 runs every night after midnight of UTC, with a key that signs on P-256 and outlives the stack', () => {
    expect(at('Archiving/EachNight/Schedule')?.properties).toMatchObject({
      ScheduleExpression: 'cron(0 2 * * ? *)',
      ScheduleExpressionTimezone: 'Etc/UTC',
    })
    expect(at('Archiving/SigningKey')).toMatchObject({
      deletionPolicy: 'Retain',
      properties: { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' },
    })
  })

  it('AUD-02 is one at a time, and alone may sign', () => {
    const signers = rolesOf(resources).filter(role =>
      statementsOf(role).some(({ Action = [] }) => Action.some(action => /^kms:(?:Sign|\*)$/.test(action))),
    )

    expect(at('Archiving/SealDay/Function')?.properties).toMatchObject({ ReservedConcurrentExecutions: 1 })
    expect(signers).toHaveLength(1)
  })

  it('T8 deletes from no bucket but the one where lines wait, and nobody may shorten a retention', () => {
    const statements = rolesOf(resources)
      .flatMap(statementsOf)
      .filter(({ Effect }) => Effect === 'Allow')
    const deleting = statements.filter(({ Action = [] }) =>
      Action.some(action => /^s3:(?:Delete|Bypass|\*)/.test(action)),
    )
    const retaining = statements.filter(({ Action = [] }) =>
      Action.some(action => /Retention|LegalHold|ObjectLock/.test(action)),
    )

    expect(deleting.length).toBeGreaterThan(0)
    expect(deleting.flatMap(({ Resource }) => Resource)).toEqual([
      expect.stringMatching(/archivingstaging[a-z0-9]*\/events\/\*$/),
      expect.stringMatching(/archivingstaging[a-z0-9]*\/requests\/\*$/),
    ])
    expect(retaining).toEqual([])
  })

  it('T8 lets nobody hide what is sealed behind a delete marker', () => {
    const archive = at('Archive/Bucket')
    const policies = ofType('AWS::S3::BucketPolicy').filter(({ path }) => path.startsWith('Archive/'))

    expect(policies.map(({ properties }) => properties.PolicyDocument)).toEqual([
      expect.objectContaining({
        Statement: expect.arrayContaining([
          {
            Sid: 'HideNothing',
            Effect: 'Deny',
            Principal: { AWS: '*' },
            Action: 's3:DeleteObject',
            Resource: expect.stringMatching(new RegExp(`${archive?.id.toLowerCase()}.*/\\*$`)),
          },
        ]),
      }),
    ])
  })

  it('AUD-03 compares the archive with the table every week', () => {
    expect(at('Archiving/EachWeek/Schedule')?.properties).toMatchObject({
      ScheduleExpression: 'cron(0 1 ? * MON *)',
      Target: { Input: '{}' },
    })
  })
})
