import { Duration, Stack } from 'aws-cdk-lib'
import { EventBus } from 'aws-cdk-lib/aws-events'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { Construct } from 'constructs'
import type { Env as WatchEventsEnv } from '../lambdas/handlers/watch-events/env.ts'
import { Chats } from './chats.ts'
import type { CheckedAccess } from './checked-access.ts'
import { toCount } from './counting.ts'
import { AdminDigest } from './digest.ts'
import { EventStream } from './event-stream.ts'
import type { FailureQueue } from './failures.ts'
import { LapseFunction } from './lapse-function.ts'
import { FINDING_ROWS, type LedgerTable } from './ledger-table.ts'
import type { Mail } from './mail.ts'
import { type Need, needs } from './need.ts'

export interface WatchProps {
  readonly checked: CheckedAccess
  readonly ledger: LedgerTable
  readonly mail: Mail
  readonly failures: FailureQueue
  /** Of the API, without a slash at its end; events name their request by it. */
  readonly apiUrl: string
}

/**
 * What happens is told beyond the people of a request: a bus with every event, and, where the access file wants them, chats that
 * listen on it and a mail a day to administrators. Nothing waits for any of it, and none of it can change a request.
 */
export class Watch extends Construct {
  readonly bus: EventBus
  readonly #apiUrl: string

  constructor(scope: Construct, id: string, { checked, ledger, mail, failures, apiUrl }: WatchProps) {
    super(scope, id)
    this.#apiUrl = apiUrl
    this.bus = new EventBus(this, 'Bus', {
      eventBusName: `lapse-${Stack.of(this).stackName}`,
      description: 'Every event of Lapse, see docs/events.md',
    })
    const watch = new LapseFunction<WatchEventsEnv>(this, 'WatchEvents', {
      checked,
      folder: 'watch-events',
      does: 'puts every new event on the bus, notices findings, counts outcomes and what was rewritten',
      needs: needs(
        ledger.toFollow(),
        ledger.toUse({ reads: ['requests'], writes: FINDING_ROWS }),
        failures.toReport(),
        this.toTell(),
        toCount(),
      ),
      // A batch is shown event by event, each by some six calls.
      timeout: Duration.seconds(29),
    })
    new EventStream(this, 'Stream', { ledger, to: watch.function, failures }).node.addDependency(watch)
    const { notify } = checked.access
    if (notify && notify.webhooks.length > 0) {
      new Chats(this, 'Chats', { checked, bus: this.bus, webhooks: notify.webhooks, failures })
    }
    if (notify?.admins === 'daily') new AdminDigest(this, 'Digest', { checked, ledger, mail, failures })
  }

  /** To put events on the bus. */
  toTell(): Need<'BUS_NAME' | 'API_URL'> {
    const publish = new PolicyStatement({
      sid: 'PutEventsOnTheBus',
      actions: ['events:PutEvents'],
      resources: [this.bus.eventBusArn],
    })
    return { environment: { BUS_NAME: this.bus.eventBusName, API_URL: this.#apiUrl }, statements: [publish] }
  }
}
