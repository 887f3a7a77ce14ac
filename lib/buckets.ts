import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  ObjectLockRetention,
  ObjectOwnership,
  StorageClass,
} from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import type { Need } from './need.ts'

const PRIVATE = {
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  encryption: BucketEncryption.S3_MANAGED,
  enforceSSL: true,
  minimumTLSVersion: 1.2,
  objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
  versioned: true,
  removalPolicy: RemovalPolicy.RETAIN,
} as const

/**
 * What nobody can change: every object is locked in compliance mode for the whole retention, for administrators and for Lapse too.
 * A bucket with locked objects cannot be emptied or deleted before; that is its purpose.
 */
export class ArchiveBucket extends Construct {
  readonly bucket: Bucket

  constructor(scope: Construct, id: string, retentionDays: number) {
    super(scope, id)
    this.bucket = new Bucket(this, 'Bucket', {
      ...PRIVATE,
      objectLockEnabled: true,
      objectLockDefaultRetention: ObjectLockRetention.compliance(Duration.days(retentionDays)),
      lifecycleRules: [
        { transitions: [{ storageClass: StorageClass.INFREQUENT_ACCESS, transitionAfter: Duration.days(90) }] },
      ],
    })
  }

  /** To add what is kept. Reading back is for people with a reason, not for functions. */
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

  constructor(scope: Construct, id: string) {
    super(scope, id)
    this.bucket = new Bucket(this, 'Bucket', {
      ...PRIVATE,
      lifecycleRules: [{ abortIncompleteMultipartUploadAfter: Duration.days(1) }],
    })
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
