import { LambdaSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import { Construct } from 'constructs'
import type { Env as TrackDeliveryEnv } from '../lambdas/handlers/track-delivery/env.ts'
import type { CheckedAccess } from './checked-access.ts'
import { toCount } from './counting.ts'
import type { FailureQueue } from './failures.ts'
import { LapseFunction } from './lapse-function.ts'
import type { LedgerTable } from './ledger-table.ts'
import type { Mail } from './mail.ts'
import { needs } from './need.ts'
import { Workflow } from './workflow.ts'

export interface DeliveriesProps {
  readonly checked: CheckedAccess
  readonly ledger: LedgerTable
  readonly mail: Mail
  readonly workflow: Workflow
  readonly failures: FailureQueue
}

/** Follows each mail to its end: one that does not arrive is an event, a number, and asks somebody else. It can approve nothing. */
export class Deliveries extends Construct {
  constructor(scope: Construct, id: string, { checked, ledger, mail, workflow, failures }: DeliveriesProps) {
    super(scope, id)
    const track = new LapseFunction<TrackDeliveryEnv>(this, 'TrackDelivery', {
      checked,
      folder: 'track-delivery',
      does: 'follows mails that did not arrive',
      needs: needs(
        ledger.toUse({ reads: ['taskTokens'], writes: ['requests'] }),
        mail.toSend(),
        Workflow.toClose(workflow.stateMachine.stateMachineArn),
        toCount(),
      ),
      failures,
    })
    mail.fates.addSubscription(new LambdaSubscription(track.function, { deadLetterQueue: failures.queue }))
  }
}
