import { Stack } from 'aws-cdk-lib'
import { Rule } from 'aws-cdk-lib/aws-events'
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { Construct } from 'constructs'
import { IAM_CHANGES } from '../lambdas/contract/iam-change.ts'
import type { Env as NoteOutsideChangeEnv } from '../lambdas/handlers/note-outside-change/env.ts'
import type { CheckedAccess } from './checked-access.ts'
import { toCount } from './counting.ts'
import type { FailureQueue } from './failures.ts'
import { iamArn } from './iam/grant-arns.ts'
import { LapseFunction } from './lapse-function.ts'
import { FINDING_ROWS, type LedgerTable } from './ledger-table.ts'
import { needs } from './need.ts'
import type { Watch } from './watch.ts'

export interface OutsideProps {
  readonly checked: CheckedAccess
  readonly failures: FailureQueue
  readonly sweep: IFunction
  readonly ledger: LedgerTable
  readonly watch: Watch
}

/**
 * Changes of IAM by others start a sweep within seconds instead of minutes. They come from CloudTrail, so the account needs a trail
 * with management events; and CloudTrail tells EventBridge of IAM in us-east-1 alone, so a stack elsewhere needs a rule there that
 * forwards them to the default bus here: see docs/runbook.md, outside-change. Without either, the sweep finds by itself what was done
 * to grants.
 */
export class Outside extends Construct {
  constructor(scope: Construct, id: string, { checked, failures, sweep, ledger, watch }: OutsideProps) {
    super(scope, id)
    const start = new PolicyStatement({
      sid: 'StartTheSweep',
      actions: ['lambda:InvokeFunction'],
      resources: [sweep.functionArn],
    })
    const look = [
      new PolicyStatement({
        sid: 'LookWhoIsInAGroup',
        actions: ['iam:GetGroup'],
        resources: [iamArn(Stack.of(this), 'group/*')],
      }),
      new PolicyStatement({
        sid: 'LookWhoHasAPolicy',
        actions: ['iam:ListEntitiesForPolicy'],
        resources: [iamArn(Stack.of(this), 'policy/*')],
      }),
    ]
    const environment = { SWEEP_FUNCTION: sweep.functionName, ROLE_PREFIX: `${Stack.of(this).stackName}-` }
    const note = new LapseFunction<NoteOutsideChangeEnv>(this, 'NoteOutsideChange', {
      checked,
      folder: 'note-outside-change',
      does: 'starts a sweep when others change IAM, and opens a finding',
      needs: needs(
        { environment, statements: [start, ...look] },
        ledger.toUse({ writes: FINDING_ROWS }),
        watch.toTell(),
        toCount(),
      ),
      failures,
    })
    new Rule(this, 'IamChanges', {
      description: 'Changes of who may do what in IAM',
      eventPattern: {
        source: ['aws.iam'],
        detailType: ['AWS API Call via CloudTrail'],
        detail: { eventSource: ['iam.amazonaws.com'], eventName: [...IAM_CHANGES] },
      },
      targets: [new LambdaFunction(note.function, { deadLetterQueue: failures.queue })],
    })
  }
}
