import { Duration, Stack } from 'aws-cdk-lib'
import type { IRole } from 'aws-cdk-lib/aws-iam'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler'
import { Construct } from 'constructs'
import { BY_OPEN } from '../lambdas/contract/keys.ts'
import type { Env as EndRequestEnv } from '../lambdas/handlers/end-request/env.ts'
import type { Env as FreezeAccessEnv } from '../lambdas/handlers/freeze-access/env.ts'
import type { Env as RevokeRequestEnv } from '../lambdas/handlers/revoke-request/env.ts'
import type { Env as SweepEnv } from '../lambdas/handlers/sweep/env.ts'
import type { Api } from './api.ts'
import type { CheckedAccess } from './checked-access.ts'
import { toCount } from './counting.ts'
import type { FailureQueue } from './failures.ts'
import { lookAtTrust } from './iam/applier-permissions.ts'
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
  readonly failures: FailureQueue
}

/**
 * Every way a grant ends other than by the workflow: given back, revoked, frozen, and the sweep, which runs on its own schedule with
 * a role of its own, so that it closes what is due even when the state machine is gone. None of them can give anything.
 */
export class Closing extends Construct {
  /** The roles of those who take away. */
  readonly removers: readonly IRole[]
  /** Does no harm when it is started besides its schedule. */
  readonly sweep: IFunction

  constructor(scope: Construct, id: string, { checked, ledger, mail, api, workflow, failures }: ClosingProps) {
    super(scope, id)
    const stack = Stack.of(this)
    const telling = needs(ledger.toUse({ writes: ['requests'] }), mail.toSend())
    const freezing = needs(ledger.toUse({ writes: ['requests', 'freeze'], finds: [BY_OPEN] }), mail.toSend())
    const closing = ledger.toUse({ reads: ['freeze', 'taskTokens'], writes: ['requests'], finds: [BY_OPEN] })
    const revoking = permission(...revokerPermissions(stack))
    const sweeping = permission(...sweepPermissions(stack))
    const proving = permission(...lookAtTrust(stack, checked.access))
    const endRequest = new LapseFunction<EndRequestEnv>(this, 'EndRequest', {
      checked,
      folder: 'end-request',
      does: 'POST /requests/{id}/end',
      needs: needs(telling, revoking, proving),
    })
    const revokeRequest = new LapseFunction<RevokeRequestEnv>(this, 'RevokeRequest', {
      checked,
      folder: 'revoke-request',
      does: 'POST /requests/{id}/revoke',
      needs: needs(telling, revoking, proving),
    })
    const freeze = new LapseFunction<FreezeAccessEnv>(this, 'FreezeAccess', {
      checked,
      folder: 'freeze-access',
      does: 'refuses new grants and ends all live ones',
      needs: needs(freezing, sweeping, proving),
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
      needs: needs(closing, mail.toSend(), sweeping, answering, toCount()),
      failures,
      timeout: Duration.minutes(4),
      memorySize: 1024,
    })
    this.removers = [endRequest, revokeRequest, freeze, sweep].map(({ role }) => role)
    this.sweep = sweep.function
    new Scheduled(this, 'EveryFiveMinutes', {
      description: 'The sweep of Lapse',
      schedule: ScheduleExpression.rate(Duration.minutes(5)),
      starts: sweep.function,
      target: { retryAttempts: 0 },
    })
  }
}
