import type { Metrics } from '../../lambdas/application/ports/metrics.ts'
import type { MetricName } from '../../lambdas/domain/metric-names.ts'
import { Faults } from './faults.ts'

export class RecordedMetrics implements Metrics {
  readonly counts: Readonly<Partial<Record<MetricName, number>>>[] = []
  readonly #faults: Faults

  constructor(faults = new Faults()) {
    this.#faults = faults
  }

  count(values: Readonly<Partial<Record<MetricName, number>>>): Promise<void> {
    return this.#faults.around('metrics.count', () => {
      this.counts.push(values)
    })
  }
}
