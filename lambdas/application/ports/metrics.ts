export type MetricName = 'SweepHeartbeat' | 'SweepClosed' | 'SweepForeign' | 'SweepFailures' | 'GrantsOverdue'

/** Counts what happens, for alarms. */
export interface Metrics {
  count(values: Readonly<Partial<Record<MetricName, number>>>): Promise<void>
}
