import { Duration, Stack, TimeZone } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler'
import { Construct } from 'constructs'
import { BY_MONTH, BY_OPEN } from '../lambdas/contract/keys.ts'
import type { Env as OpenReviewEnv } from '../lambdas/handlers/open-review/env.ts'
import type { Env as ProduceReviewEnv } from '../lambdas/handlers/produce-review/env.ts'
import type { Env as ReadReviewsEnv } from '../lambdas/handlers/read-reviews/env.ts'
import type { Api } from './api.ts'
import type { ArchiveBucket, ReportsBucket } from './buckets.ts'
import type { CheckedAccess } from './checked-access.ts'
import type { FailureQueue } from './failures.ts'
import { lookAtTrust } from './iam/applier-permissions.ts'
import { LapseFunction } from './lapse-function.ts'
import type { LedgerTable } from './ledger-table.ts'
import { needs, permission } from './need.ts'
import { Scheduled } from './scheduled.ts'

export interface ReviewsProps {
  readonly checked: CheckedAccess
  readonly ledger: LedgerTable
  readonly archive: ArchiveBucket
  readonly reports: ReportsBucket
  readonly api: Api
  readonly version: string
  readonly failures: FailureQueue
}

/** The reviews: the pack of the last quarter is made by itself on the first day of each, or of any period on demand. */
export class Reviews extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { checked, ledger, archive, reports, api, version, failures }: ReviewsProps,
  ) {
    super(scope, id)
    const atVersion = { environment: { LAPSE_VERSION: version }, statements: [] }
    const produce = new LapseFunction<ProduceReviewEnv>(this, 'ProduceReview', {
      checked,
      folder: 'produce-review',
      does: 'makes the pack of a review',
      needs: needs(
        ledger.toUse({ reads: ['requests', 'findings'], writes: ['reviews'], finds: [BY_MONTH, BY_OPEN] }),
        reports.toWrite(),
        archive.toKeep(),
        atVersion,
      ),
      failures,
      timeout: Duration.minutes(15),
      memorySize: 1769,
    })
    const start = new PolicyStatement({
      sid: 'StartTheProduction',
      actions: ['lambda:InvokeFunction'],
      resources: [produce.function.functionArn],
    })
    const toStart = { environment: { PRODUCE_REVIEW_FUNCTION: produce.function.functionName }, statements: [start] }
    const proving = permission(...lookAtTrust(Stack.of(this), checked.access))
    const open = new LapseFunction<OpenReviewEnv>(this, 'OpenReview', {
      checked,
      folder: 'open-review',
      does: 'POST /reviews',
      needs: needs(ledger.toUse({ writes: ['reviews'] }), toStart, proving),
    })
    const read = new LapseFunction<ReadReviewsEnv>(this, 'ReadReviews', {
      checked,
      folder: 'read-reviews',
      does: 'GET /reviews',
      needs: needs(ledger.toUse({ reads: ['reviews'] }), reports.toRead(), proving),
    })
    api
      .route('POST /reviews', open.function)
      .route('GET /reviews', read.function)
      .route('GET /reviews/{period}', read.function)
      .route('GET /reviews/{period}/files/{name}', read.function)
    new Scheduled(this, 'EachQuarter', {
      description: `The review of the quarter before, in ${Stack.of(this).stackName}`,
      schedule: ScheduleExpression.cron({
        minute: '0',
        hour: '6',
        day: '1',
        month: '1,4,7,10',
        timeZone: TimeZone.of(checked.access.timezone),
      }),
      starts: produce.function,
      target: { input: ScheduleTargetInput.fromObject({ trigger: 'schedule' }) },
    })
  }
}
