import { Duration } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler'
import { Construct } from 'constructs'
import { BY_OPEN, BY_REQUESTER } from '../lambdas/contract/keys.ts'
import type { Env as CloseBooksEnv } from '../lambdas/handlers/close-books/env.ts'
import type { CheckedAccess } from './checked-access.ts'
import { toCount } from './counting.ts'
import type { FailureQueue } from './failures.ts'
import { LapseFunction } from './lapse-function.ts'
import type { LedgerTable } from './ledger-table.ts'
import { needs, permission } from './need.ts'
import { Scheduled } from './scheduled.ts'
import { type TrailProps, toReadTrail } from './trail.ts'

export interface BooksProps extends TrailProps {
  readonly checked: CheckedAccess
  readonly ledger: LedgerTable
  readonly failures: FailureQueue
}

/** What was done with the grants that are over, read from CloudTrail's event history and, if one is named, the files of a
 * trail. It can change nothing but what is kept of that. */
export class Books extends Construct {
  constructor(scope: Construct, id: string, { checked, ledger, failures, trail, trailKey }: BooksProps) {
    super(scope, id)
    // LookupEvents knows no resources; every region is one, and services without a region are recorded in one of their own.
    const lookUp = new PolicyStatement({
      sid: 'LookUpWhatWasDone',
      actions: ['cloudtrail:LookupEvents'],
      resources: ['*'],
    })
    const close = new LapseFunction<CloseBooksEnv>(this, 'CloseBooks', {
      checked,
      folder: 'close-books',
      does: 'keeps what was done with the grants that are over',
      needs: needs(
        ledger.toUse({ writes: ['requests'], finds: [BY_OPEN, BY_REQUESTER] }),
        permission(lookUp),
        toReadTrail(this, { trail, trailKey }),
        toCount(),
      ),
      failures,
      timeout: Duration.minutes(4),
      // Eight files of a trail at once, unpacked.
      ...(trail !== undefined && { memorySize: 1769 }),
    })
    new Scheduled(this, 'EveryFiveMinutes', {
      description: 'The books of Lapse',
      schedule: ScheduleExpression.rate(Duration.minutes(5)),
      starts: close.function,
      target: { retryAttempts: 0 },
    })
  }
}
