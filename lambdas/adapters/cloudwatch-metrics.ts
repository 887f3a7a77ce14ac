import { type CloudWatchClient, PutMetricDataCommand, type StandardUnit } from '@aws-sdk/client-cloudwatch'
import type { Metrics } from '../application/ports/metrics.ts'
import { METRIC_NAMESPACE, type MetricName } from '../domain/metric-names.ts'

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
      Unit: unitOf(MetricName),
    }))
    await this.#client.send(new PutMetricDataCommand({ Namespace: METRIC_NAMESPACE, MetricData }))
  }
}

function unitOf(name: string): StandardUnit {
  if (name.endsWith('Seconds')) return 'Seconds'
  return name.endsWith('Percent') ? 'Percent' : 'Count'
}
