import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { AnyPrincipal, Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  CfnBucket,
  ObjectLockRetention,
  ObjectOwnership,
  StorageClass,
} from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import { TABLES } from '../lambdas/domain/archive/line.ts'
import { DIGESTS, PACKS, PUBLIC_KEYS } from '../lambdas/domain/archive/places.ts'
import type { Need } from './need.ts'

/** What every bucket is. */
const PRIVATE = {
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  encryption: BucketEncryption.S3_MANAGED,
  enforceSSL: true,
  minimumTLSVersion: 1.2,
  objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
  versioned: true,
  removalPolicy: RemovalPolicy.RETAIN,
} as const

/** A bucket that outlives the stack, with its policy: without it the archive could be hidden, and logs of accesses would not arrive. */
export function privateBucket(scope: Construct, props: BucketProps): Bucket {
  const bucket = new Bucket(scope, 'Bucket', { ...PRIVATE, ...props })
  bucket.policy?.applyRemovalPolicy(RemovalPolicy.RETAIN)
  return bucket
}

/**
 * Who read and wrote what in the other buckets, as S3 itself writes it down: within hours, and as best it can. Encrypted with keys of
 * S3, because its delivery of logs cannot use others.
 */
export class AccessLogBucket extends Construct {
  readonly bucket: Bucket

  constructor(scope: Construct, id: string, retentionDays: number) {
    super(scope, id)
    this.bucket = privateBucket(this, {
      lifecycleRules: [
        { expiration: Duration.days(retentionDays), noncurrentVersionExpiration: Duration.days(retentionDays) },
      ],
    })
  }

  /** From now on S3 writes here, under this prefix, what is done with the bucket. */
  watch(bucket: Bucket, prefix: string): void {
    const resource = bucket.node.defaultChild
    if (!(resource instanceof CfnBucket)) throw new TypeError(`${bucket.node.path} is not a bucket of this stack`)
    resource.loggingConfiguration = { destinationBucketName: this.bucket.bucketName, logFilePrefix: `${prefix}/` }
    const { account } = Stack.of(this)
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('logging.s3.amazonaws.com')],
        actions: ['s3:PutObject'],
        resources: [this.bucket.arnForObjects(`${prefix}/*`)],
        conditions: { ArnLike: { 'aws:SourceArn': bucket.bucketArn }, StringEquals: { 'aws:SourceAccount': account } },
      }),
    )
  }
}

/**
 * What nobody can change: every object is locked in compliance mode for the whole retention, for administrators and for Lapse too.
 * A bucket with locked objects cannot be emptied or deleted before; that is its purpose.
 */
export class ArchiveBucket extends Construct {
  readonly bucket: Bucket

  constructor(scope: Construct, id: string, retentionDays: number, accessLogs: AccessLogBucket) {
    super(scope, id)
    this.bucket = privateBucket(this, {
      objectLockEnabled: true,
      objectLockDefaultRetention: ObjectLockRetention.compliance(Duration.days(retentionDays)),
      lifecycleRules: [
        { transitions: [{ storageClass: StorageClass.INFREQUENT_ACCESS, transitionAfter: Duration.days(90) }] },
      ],
    })
    // A lock keeps versions and not names: behind a marker a digest is gone for whoever lists, and the next night would be signed over it.
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: 'HideNothing',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['s3:DeleteObject'],
        resources: [this.bucket.arnForObjects('*')],
      }),
    )
    accessLogs.watch(this.bucket, 'archive')
  }

  /** To add the parts and digests of days, to read back what was added, and to describe the manifests of packs. */
  toSeal(): Need<'ARCHIVE_BUCKET'> {
    const folders = [...TABLES.map(table => `${table}/`), DIGESTS]
    const add = this.#on('SealDays', ['s3:PutObject'], [...folders, PUBLIC_KEYS])
    const read = this.#on('ReadWhatIsSealed', ['s3:GetObject'], [...folders, PACKS])
    return { environment: { ARCHIVE_BUCKET: this.bucket.bucketName }, statements: [add, read, this.#listing()] }
  }

  /** To read back the parts of days. */
  toCompare(): Need<'ARCHIVE_BUCKET'> {
    const read = this.#on(
      'ReadTheArchive',
      ['s3:GetObject'],
      TABLES.map(table => `${table}/`),
    )
    return { environment: { ARCHIVE_BUCKET: this.bucket.bucketName }, statements: [read, this.#listing()] }
  }

  #listing(): PolicyStatement {
    return new PolicyStatement({
      sid: 'ListTheArchive',
      actions: ['s3:ListBucket'],
      resources: [this.bucket.bucketArn],
    })
  }

  #on(sid: string, actions: string[], folders: readonly string[]): PolicyStatement {
    const resources = folders.map(folder => this.bucket.arnForObjects(`${folder}*`))
    return new PolicyStatement({ sid, actions, resources })
  }

  /** To add what is kept. Reading back is for people with a reason, and for what seals and compares. */
  toKeep(): Need<'ARCHIVE_BUCKET'> {
    const keep = new PolicyStatement({
      sid: 'KeepForEver',
      actions: ['s3:PutObject'],
      resources: [this.bucket.arnForObjects('*')],
    })
    return { environment: { ARCHIVE_BUCKET: this.bucket.bucketName }, statements: [keep] }
  }
}

/** Where the packs of the reviews lie, under `reviews/<period>/<version>/`. */
export class ReportsBucket extends Construct {
  readonly bucket: Bucket

  constructor(scope: Construct, id: string, accessLogs: AccessLogBucket) {
    super(scope, id)
    this.bucket = privateBucket(this, {
      lifecycleRules: [{ abortIncompleteMultipartUploadAfter: Duration.days(1) }],
    })
    accessLogs.watch(this.bucket, 'reports')
  }

  toWrite(): Need<'REPORTS_BUCKET'> {
    return this.#need(this.#onPacks('WritePacks', ['s3:PutObject', 's3:AbortMultipartUpload']))
  }

  /** Listing is what makes S3 answer "not there" instead of "denied" for a pack that does not exist. */
  toRead(): Need<'REPORTS_BUCKET'> {
    const list = new PolicyStatement({
      sid: 'ListPacks',
      actions: ['s3:ListBucket'],
      resources: [this.bucket.bucketArn],
      conditions: { StringLike: { 's3:prefix': 'reviews/*' } },
    })
    return this.#need(this.#onPacks('ReadPacks', ['s3:GetObject']), list)
  }

  #onPacks(sid: string, actions: string[]): PolicyStatement {
    return new PolicyStatement({ sid, actions, resources: [this.bucket.arnForObjects('reviews/*')] })
  }

  #need(...statements: PolicyStatement[]): Need<'REPORTS_BUCKET'> {
    return { environment: { REPORTS_BUCKET: this.bucket.bucketName }, statements }
  }
}
