import { type CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch'
import type { Watched, Watcher } from '../application/watch-event.ts'
import { type AccessFile, own } from '../domain/access-file.ts'
import { statusByLedger } from '../domain/lifecycle.ts'
import { METRIC_NAMESPACE } from '../domain/metric-names.ts'

/** Counts what becomes of requests, by entitlement and outcome: `Requests`, with the events that change a status as outcomes. */
export class CloudWatchOutcomes implements Watcher {
  readonly #client: CloudWatchClient
  readonly #access: AccessFile

  constructor(client: CloudWatchClient, access: AccessFile) {
    this.#client = client
    this.#access = access
  }

  async see({ event, request }: Watched): Promise<void> {
    if (statusByLedger([event]) === undefined) return
    // A refused request may name anything, and every new name would be one more metric to pay for.
    const entitlement = own(this.#access.entitlements, request.entitlement)?.id ?? 'unknown'
    const Dimensions = [
      { Name: 'Entitlement', Value: entitlement },
      { Name: 'Outcome', Value: event.type },
    ]
    const MetricData = [{ MetricName: 'Requests', Value: 1, Unit: 'Count' as const, Timestamp: event.at, Dimensions }]
    await this.#client.send(new PutMetricDataCommand({ Namespace: METRIC_NAMESPACE, MetricData }))
  }
}
