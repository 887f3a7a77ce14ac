import type { MetricName } from '../../domain/metric-names.ts'

/** Counts what happens, for alarms. */
export interface Metrics {
  count(values: Readonly<Partial<Record<MetricName, number>>>): Promise<void>
}
