/** One call of a principal, as CloudTrail recorded it. */
export interface Call {
  readonly eventId: string
  /** As IAM names it, `s3:ListAllMyBuckets`, as far as that can be told from CloudTrail's name. */
  readonly action: string
  readonly at: Date
  readonly isReadOnly: boolean
  /** `AccessDenied`, `NoSuchBucket`; a call without one did what it says. */
  readonly error?: string | undefined
  /** ARNs or names, as the event has them. */
  readonly resources: readonly string[]
}

/** Hosts of services whose actions have another prefix in IAM. */
const PREFIXES: Readonly<Record<string, string>> = {
  cloudcontrolapi: 'cloudformation',
  email: 'ses',
  monitoring: 'cloudwatch',
  tagging: 'tag',
}

/**
 * Calls that IAM allows under another name. Of a call that needs two actions, that of what it takes or makes.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
 */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  'autoscaling:DeregisterScalableTarget': 'application-autoscaling:DeregisterScalableTarget',
  'autoscaling:DescribeScalableTargets': 'application-autoscaling:DescribeScalableTargets',
  'autoscaling:RegisterScalableTarget': 'application-autoscaling:RegisterScalableTarget',
  'kms:ReEncrypt': 'kms:ReEncryptFrom',
  'lambda:Invoke': 'lambda:InvokeFunction',
  'lambda:InvokeWithResponseStream': 'lambda:InvokeFunction',
  's3:ListBuckets': 's3:ListAllMyBuckets',
  's3:HeadBucket': 's3:ListBucket',
  's3:ListObjects': 's3:ListBucket',
  's3:ListObjectVersions': 's3:ListBucketVersions',
  's3:ListMultipartUploads': 's3:ListBucketMultipartUploads',
  's3:ListParts': 's3:ListMultipartUploadParts',
  's3:HeadObject': 's3:GetObject',
  's3:SelectObjectContent': 's3:GetObject',
  's3:CompleteMultipartUpload': 's3:PutObject',
  's3:CopyObject': 's3:PutObject',
  's3:CreateMultipartUpload': 's3:PutObject',
  's3:PostObject': 's3:PutObject',
  's3:UploadPart': 's3:PutObject',
  's3:UploadPartCopy': 's3:PutObject',
  's3:DeleteObjects': 's3:DeleteObject',
  's3:DeleteBucketCors': 's3:PutBucketCORS',
  's3:DeleteBucketOwnershipControls': 's3:PutBucketOwnershipControls',
  's3:DeleteBucketPublicAccessBlock': 's3:PutBucketPublicAccessBlock',
  's3:DeleteBucketTagging': 's3:PutBucketTagging',
  's3:GetBucketEncryption': 's3:GetEncryptionConfiguration',
  's3:PutBucketEncryption': 's3:PutEncryptionConfiguration',
  's3:DeleteBucketEncryption': 's3:PutEncryptionConfiguration',
  's3:GetBucketLifecycle': 's3:GetLifecycleConfiguration',
  's3:PutBucketLifecycle': 's3:PutLifecycleConfiguration',
  's3:DeleteBucketLifecycle': 's3:PutLifecycleConfiguration',
  's3:GetBucketReplication': 's3:GetReplicationConfiguration',
  's3:PutBucketReplication': 's3:PutReplicationConfiguration',
  's3:DeleteBucketReplication': 's3:PutReplicationConfiguration',
  's3:GetBucketAnalyticsConfiguration': 's3:GetAnalyticsConfiguration',
  's3:PutBucketAnalyticsConfiguration': 's3:PutAnalyticsConfiguration',
  's3:DeleteBucketAnalyticsConfiguration': 's3:PutAnalyticsConfiguration',
  's3:ListBucketAnalyticsConfigurations': 's3:GetAnalyticsConfiguration',
  's3:GetBucketIntelligentTieringConfiguration': 's3:GetIntelligentTieringConfiguration',
  's3:PutBucketIntelligentTieringConfiguration': 's3:PutIntelligentTieringConfiguration',
  's3:DeleteBucketIntelligentTieringConfiguration': 's3:PutIntelligentTieringConfiguration',
  's3:ListBucketIntelligentTieringConfigurations': 's3:GetIntelligentTieringConfiguration',
  's3:GetBucketInventoryConfiguration': 's3:GetInventoryConfiguration',
  's3:PutBucketInventoryConfiguration': 's3:PutInventoryConfiguration',
  's3:DeleteBucketInventoryConfiguration': 's3:PutInventoryConfiguration',
  's3:ListBucketInventoryConfigurations': 's3:GetInventoryConfiguration',
  's3:GetBucketMetricsConfiguration': 's3:GetMetricsConfiguration',
  's3:PutBucketMetricsConfiguration': 's3:PutMetricsConfiguration',
  's3:DeleteBucketMetricsConfiguration': 's3:PutMetricsConfiguration',
  's3:ListBucketMetricsConfigurations': 's3:GetMetricsConfiguration',
}

/** IAM names the actions of API Gateway by the HTTP method, which the first word of a call tells. */
const HTTP_METHODS: Readonly<Record<string, string>> = {
  Create: 'POST',
  Delete: 'DELETE',
  Flush: 'DELETE',
  Generate: 'POST',
  Get: 'GET',
  Put: 'PUT',
  Test: 'POST',
  Untag: 'DELETE',
  Update: 'PATCH',
}

/** Lambda and CloudFront write the version of their API behind the name: `ListFunctions20150331`, `CreateDistribution2020_05_31`. */
const API_VERSION = /(?:\d{8}|\d{4}_\d{2}_\d{2})(?:v\d)?$/

/** The action behind an event: `iam.amazonaws.com` and `GetUser` are `iam:GetUser`. */
export function actionOf(eventSource: string, eventName: string): string {
  const host = eventSource.split('.', 1)[0] ?? ''
  const method = host === 'apigateway' ? HTTP_METHODS[/^[A-Z][a-z]+/.exec(eventName)?.[0] ?? ''] : undefined
  const action = `${PREFIXES[host] ?? host}:${method ?? eventName.replace(API_VERSION, '')}`
  return OTHER_NAMES[action] ?? action
}
