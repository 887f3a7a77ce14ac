import { describe, expect, it } from '@jest/globals'
import { type Resource, synthesized } from '../../support/synthesized.ts'

const { resources } = synthesized()
const ofType = (type: string): readonly Resource[] => resources.filter(resource => resource.type === type)

describe('the table', () => {
  const [table, ...others] = [...ofType('AWS::DynamoDB::Table'), ...ofType('AWS::DynamoDB::GlobalTable')]
  const [key] = ofType('AWS::KMS::Key')

  it('AUD-01 is the only one, on demand, recoverable to any second, and cannot be deleted by mistake', () => {
    expect(others).toEqual([])
    expect(table).toMatchObject({
      deletionPolicy: 'Retain',
      properties: {
        BillingMode: 'PAY_PER_REQUEST',
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      },
    })
  })

  it('AUD-01 is encrypted with a key of its own that rotates and outlives the stack', () => {
    expect(table?.properties.SSESpecification).toEqual({
      KMSMasterKeyId: `arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555`,
      SSEEnabled: true,
      SSEType: 'KMS',
    })
    expect(key).toMatchObject({ deletionPolicy: 'Retain', properties: { EnableKeyRotation: true } })
  })

  it('AUD-01 expires only what carries an attribute of its own for it', () => {
    expect(table?.properties.TimeToLiveSpecification).toEqual({ AttributeName: 'ttl', Enabled: true })
  })
})

const LOGS = 'AccessLogs/Bucket'
/** S3 itself may write under the prefix of a bucket what is done with that bucket. */
const delivery = (prefix: string) => ({
  Effect: 'Allow',
  Action: 's3:PutObject',
  Principal: { Service: 'logging.s3.amazonaws.com' },
  Resource: expect.stringMatching(new RegExp(`/${prefix}/\\*$`)),
  Condition: {
    ArnLike: { 'aws:SourceArn': expect.stringMatching(new RegExp(`:::lapse-(?:archiving)?${prefix}bucket`)) },
    StringEquals: { 'aws:SourceAccount': '111122223333' },
  },
})

describe('every bucket', () => {
  const buckets = ofType('AWS::S3::Bucket').map(({ path, id, properties, deletionPolicy }) => ({
    path,
    id,
    properties,
    deletionPolicy,
  }))

  it.each(buckets)(
    'AUD-03 $path is private, versioned, encrypted, and outlives the stack',
    ({ properties, deletionPolicy }) => {
      expect(deletionPolicy).toBe('Retain')
      expect(properties).toMatchObject({
        VersioningConfiguration: { Status: 'Enabled' },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        BucketEncryption: { ServerSideEncryptionConfiguration: [expect.anything()] },
      })
    },
  )

  it.each(buckets)(
    'AUD-03 $path is reached over TLS 1.2 or better, and its policy allows nobody anything but S3 its own logs, for as long as it stands',
    ({ id, path }) => {
      const name = `lapse-${id}`.toLowerCase()
      const policy = ofType('AWS::S3::BucketPolicy').find(({ properties }) => properties.Bucket === name)
      expect(policy?.deletionPolicy).toBe('Retain')

      const denial = (Condition: unknown) =>
        expect.objectContaining({ Action: 's3:*', Effect: 'Deny', Principal: { AWS: '*' }, Condition })
      expect(policy?.properties.PolicyDocument).toMatchObject({
        Statement: [
          denial({ Bool: { 'aws:SecureTransport': 'false' } }),
          denial({ NumericLessThan: { 's3:TlsVersion': 1.2 } }),
          ...(path === 'Archive/Bucket' ? [expect.objectContaining({ Sid: 'HideNothing', Effect: 'Deny' })] : []),
          ...(path === LOGS ? ['archive', 'reports', 'staging'].map(delivery) : []),
        ],
      })
    },
  )

  it('AUD-03 that holds anything is watched: S3 writes each access into the one bucket for that, which watches itself not', () => {
    const logs = buckets.find(({ path }) => path === LOGS)
    const watched = buckets.map(({ path, properties }) => [path, properties.LoggingConfiguration])

    expect(Object.fromEntries(watched)).toEqual({
      'AccessLogs/Bucket': undefined,
      'Archive/Bucket': { DestinationBucketName: `lapse-${logs?.id}`.toLowerCase(), LogFilePrefix: 'archive/' },
      'Reports/Bucket': { DestinationBucketName: `lapse-${logs?.id}`.toLowerCase(), LogFilePrefix: 'reports/' },
      'Archiving/Staging/Bucket': {
        DestinationBucketName: `lapse-${logs?.id}`.toLowerCase(),
        LogFilePrefix: 'staging/',
      },
    })
  })

  it('AUD-03 for access logs is encrypted with keys of S3, the only ones S3 delivers logs with', () => {
    expect(buckets.find(({ path }) => path === LOGS)?.properties.BucketEncryption).toEqual({
      ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
    })
  })

  it('AUD-03 of the archive locks what is in it, in compliance mode, for the whole retention', () => {
    expect(buckets.find(({ path }) => path === 'Archive/Bucket')?.properties).toMatchObject({
      ObjectLockEnabled: true,
      ObjectLockConfiguration: {
        ObjectLockEnabled: 'Enabled',
        Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 400 } },
      },
    })
  })
})
