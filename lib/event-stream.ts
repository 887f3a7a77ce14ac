import {
  EventSourceMapping,
  FilterCriteria,
  FilterRule,
  type IFunction,
  StartingPosition,
} from 'aws-cdk-lib/aws-lambda'
import { SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources'
import { Construct } from 'constructs'
import { EVENT_PREFIX, requestKey } from '../lambdas/contract/keys.ts'
import type { FailureQueue } from './failures.ts'
import type { LedgerTable } from './ledger-table.ts'

export interface EventStreamProps {
  readonly ledger: LedgerTable
  readonly to: IFunction
  readonly failures: FailureQueue
}

/**
 * Requests and their events to one function, from the oldest the stream still has: each that is new, changed or deleted. What fails is
 * halved and tried ten times more, then its place in the stream is left in the queue and the stream goes on; the event itself stays in the table.
 */
export class EventStream extends Construct {
  constructor(scope: Construct, id: string, { ledger, to, failures }: EventStreamProps) {
    super(scope, id)
    new EventSourceMapping(this, 'Source', {
      target: to,
      eventSourceArn: ledger.streamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 100,
      bisectBatchOnError: true,
      retryAttempts: 10,
      reportBatchItemFailures: true,
      onFailure: new SqsDlq(failures.queue),
      // By their keys: what else stands in a row, whoever rewrites it chooses.
      filters: [FilterRule.isEqual(requestKey('').sk), FilterRule.beginsWith(EVENT_PREFIX)].map(sk =>
        FilterCriteria.filter({
          dynamodb: { Keys: { pk: { S: FilterRule.beginsWith(requestKey('').pk) }, sk: { S: sk } } },
        }),
      ),
    })
  }
}
