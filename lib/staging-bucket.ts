import { Duration } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { Bucket } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import { TABLES } from '../lambdas/domain/archive/line.ts'
import { type AccessLogBucket, privateBucket } from './buckets.ts'
import type { Need } from './need.ts'

type StagingNeed = Need<'STAGING_BUCKET'>

/** How long what was not sealed, and what was and is cleared away, can still be found: the table has all of it besides. */
const KEPT = Duration.days(30)

/** Where lines wait for their day to be sealed. Nothing is locked here, and nothing is evidence. */
export class StagingBucket extends Construct {
  readonly bucket: Bucket

  constructor(scope: Construct, id: string, accessLogs: AccessLogBucket) {
    super(scope, id)
    this.bucket = privateBucket(this, {
      lifecycleRules: [{ expiration: KEPT, noncurrentVersionExpiration: KEPT }],
    })
    accessLogs.watch(this.bucket, 'staging')
  }

  /** To add lines, and set aside what is none. */
  toStage(): StagingNeed {
    return this.#need(this.#on('StageLines', ['s3:PutObject'], [...TABLES, 'unreadable']))
  }

  /** To read what waits and take away what is sealed. */
  toSeal(): StagingNeed {
    return this.#need(this.#listing(), this.#on('ReadAndClearStagedLines', ['s3:GetObject', 's3:DeleteObject'], TABLES))
  }

  /** To read what waits and add what is missing. */
  toComplete(): StagingNeed {
    return this.#need(this.#listing(), this.#on('CompleteStagedLines', ['s3:GetObject', 's3:PutObject'], TABLES))
  }

  #listing(): PolicyStatement {
    const resources = [this.bucket.bucketArn]
    return new PolicyStatement({ sid: 'ListStagedLines', actions: ['s3:ListBucket'], resources })
  }

  #on(sid: string, actions: string[], folders: readonly string[]): PolicyStatement {
    const resources = folders.map(folder => this.bucket.arnForObjects(`${folder}/*`))
    return new PolicyStatement({ sid, actions, resources })
  }

  #need(...statements: PolicyStatement[]): StagingNeed {
    return { environment: { STAGING_BUCKET: this.bucket.bucketName }, statements }
  }
}
