import { type CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch'
import type { MetricName, Metrics } from '../application/ports/metrics.ts'
import { METRIC_NAMESPACE } from '../domain/metric-names.ts'

/** Metrics by PutMetricData, without dimensions: one house, one number. */
export class CloudWatchMetrics implements Metrics {
  readonly #client: CloudWatchClient

  constructor(client: CloudWatchClient) {
    this.#client = client
  }

  async count(values: Readonly<Partial<Record<MetricName, number>>>): Promise<void> {
    const MetricData = Object.entries(values).map(([MetricName, Value]) => ({
      MetricName,
      Value,
      Unit: 'Count' as const,
    }))
    await this.#client.send(new PutMetricDataCommand({ Namespace: METRIC_NAMESPACE, MetricData }))
  }
}
