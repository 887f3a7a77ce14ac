import { Duration, Stack } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler'
import { Construct } from 'constructs'
import { METRIC_NAMESPACE } from '../lambdas/domain/metric-names.ts'
import type { Env as EndRequestEnv } from '../lambdas/handlers/end-request/env.ts'
import type { Env as FreezeAccessEnv } from '../lambdas/handlers/freeze-access/env.ts'
import type { Env as RevokeRequestEnv } from '../lambdas/handlers/revoke-request/env.ts'
import type { Env as SweepEnv } from '../lambdas/handlers/sweep/env.ts'
import type { Api } from './api.ts'
import type { CheckedAccess } from './checked-access.ts'
import { revokerPermissions } from './iam/revoker-permissions.ts'
import { sweepPermissions } from './iam/sweep-permissions.ts'
import { LapseFunction } from './lapse-function.ts'
import type { LedgerTable } from './ledger-table.ts'
import type { Mail } from './mail.ts'
import { needs, permission } from './need.ts'
import { Scheduled } from './scheduled.ts'
import { Workflow } from './workflow.ts'

export interface ClosingProps {
  readonly checked: CheckedAccess
  readonly ledger: LedgerTable
  readonly mail: Mail
  readonly api: Api
  readonly workflow: Workflow
}

/**
 * Every way a grant ends other than by the workflow: given back, revoked, frozen, and the sweep, which runs on its own schedule with
 * a role of its own, so that it closes what is due even when the state machine is gone. None of them can give anything.
 */
export class Closing extends Construct {
  constructor(scope: Construct, id: string, { checked, ledger, mail, api, workflow }: ClosingProps) {
    super(scope, id)
    const stack = Stack.of(this)
    const telling = needs(ledger.toWrite(), mail.toSend())
    const revoking = permission(...revokerPermissions(stack))
    const sweeping = permission(...sweepPermissions(stack))
    const endRequest = new LapseFunction<EndRequestEnv>(this, 'EndRequest', {
      checked,
      folder: 'end-request',
      does: 'POST /requests/{id}/end',
      needs: needs(telling, revoking),
    })
    const revokeRequest = new LapseFunction<RevokeRequestEnv>(this, 'RevokeRequest', {
      checked,
      folder: 'revoke-request',
      does: 'POST /requests/{id}/revoke',
      needs: needs(telling, revoking),
    })
    const freeze = new LapseFunction<FreezeAccessEnv>(this, 'FreezeAccess', {
      checked,
      folder: 'freeze-access',
      does: 'refuses new grants and ends all live ones',
      needs: needs(telling, sweeping),
      timeout: Duration.seconds(29),
    })
    api
      .route('POST /requests/{id}/end', endRequest.function)
      .route('POST /requests/{id}/revoke', revokeRequest.function)
      .route('POST /freeze', freeze.function)
      .route('DELETE /freeze', freeze.function)

    const answering = Workflow.toAnswer(workflow.stateMachine.stateMachineArn)
    const sweep = new LapseFunction<SweepEnv>(this, 'Sweep', {
      checked,
      folder: 'sweep',
      does: 'closes what is due, stuck, orphaned or changed by others',
      needs: needs(telling, sweeping, answering, permission(this.#counting())),
      timeout: Duration.minutes(4),
      memorySize: 1024,
    })
    new Scheduled(this, 'EveryFiveMinutes', {
      description: 'The sweep of Lapse',
      schedule: ScheduleExpression.rate(Duration.minutes(5)),
      starts: sweep.function,
      target: { retryAttempts: 0 },
    })
  }

  #counting(): PolicyStatement {
    return new PolicyStatement({
      sid: 'CountWhatWasDone',
      actions: ['cloudwatch:PutMetricData'],
      resources: ['*'],
      conditions: { StringEquals: { 'cloudwatch:namespace': METRIC_NAMESPACE } },
    })
  }
}
