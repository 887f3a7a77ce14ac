import { Duration } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler'
import { Construct } from 'constructs'
import { BY_OPEN } from '../lambdas/contract/keys.ts'
import type { Env as MeasureHouseEnv } from '../lambdas/handlers/measure-house/env.ts'
import type { CheckedAccess } from './checked-access.ts'
import { toCount } from './counting.ts'
import type { FailureQueue } from './failures.ts'
import { LapseFunction } from './lapse-function.ts'
import type { LedgerTable } from './ledger-table.ts'
import { needs, permission } from './need.ts'
import { Scheduled } from './scheduled.ts'

export interface MeasuringProps {
  readonly checked: CheckedAccess
  readonly ledger: LedgerTable
  readonly failures: FailureQueue
}

/** Counts, as often as the sweep runs, what no event tells of. It can change nothing. */
export class Measuring extends Construct {
  constructor(scope: Construct, id: string, { checked, ledger, failures }: MeasuringProps) {
    super(scope, id)
    const count = new PolicyStatement({
      sid: 'CountPolicies',
      actions: ['iam:GetAccountSummary'],
      resources: ['*'],
    })
    const measure = new LapseFunction<MeasureHouseEnv>(this, 'MeasureHouse', {
      checked,
      folder: 'measure-house',
      does: 'counts room in IAM, overdue reviews and whether access is frozen',
      needs: needs(ledger.toUse({ reads: ['debts', 'freeze'], finds: [BY_OPEN] }), permission(count), toCount()),
      failures,
      timeout: Duration.seconds(29),
    })
    new Scheduled(this, 'EveryFiveMinutes', {
      description: 'The measures of Lapse',
      schedule: ScheduleExpression.rate(Duration.minutes(5)),
      starts: measure.function,
      target: { retryAttempts: 0 },
    })
  }
}
