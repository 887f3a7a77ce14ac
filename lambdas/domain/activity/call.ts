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
  email: 'ses',
  monitoring: 'cloudwatch',
  tagging: 'tag',
}

/** Calls of S3 that IAM allows under another name. https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  's3:ListBuckets': 's3:ListAllMyBuckets',
  's3:HeadBucket': 's3:ListBucket',
  's3:ListObjects': 's3:ListBucket',
  's3:GetBucketEncryption': 's3:GetEncryptionConfiguration',
  's3:PutBucketEncryption': 's3:PutEncryptionConfiguration',
  's3:DeleteBucketEncryption': 's3:PutEncryptionConfiguration',
  's3:GetBucketLifecycle': 's3:GetLifecycleConfiguration',
  's3:PutBucketLifecycle': 's3:PutLifecycleConfiguration',
  's3:DeleteBucketLifecycle': 's3:PutLifecycleConfiguration',
  's3:GetBucketReplication': 's3:GetReplicationConfiguration',
  's3:PutBucketReplication': 's3:PutReplicationConfiguration',
  's3:DeleteBucketReplication': 's3:PutReplicationConfiguration',
}

/** Lambda and CloudFront write the version of their API behind the name: `ListFunctions20150331`, `CreateDistribution2020_05_31`. */
const API_VERSION = /(?:\d{8}|\d{4}_\d{2}_\d{2})(?:v\d)?$/

/** The action behind an event: `iam.amazonaws.com` and `GetUser` are `iam:GetUser`. */
export function actionOf(eventSource: string, eventName: string): string {
  const host = eventSource.split('.', 1)[0] ?? ''
  const action = `${PREFIXES[host] ?? host}:${eventName.replace(API_VERSION, '')}`
  return OTHER_NAMES[action] ?? action
}
