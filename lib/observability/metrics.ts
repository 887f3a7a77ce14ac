import { Duration } from 'aws-cdk-lib'
import { type IMetric, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch'
import { METRIC_NAMESPACE, type MetricName } from '../../lambdas/domain/metric-names.ts'

/** How often the sweep runs and the house is measured; what comes less often is looked at just as often. */
export const PERIOD = Duration.minutes(5)

/** What Lapse counts itself. */
export function counted(metricName: MetricName, statistic: string = Stats.SUM, period = PERIOD): Metric {
  return new Metric({ namespace: METRIC_NAMESPACE, metricName, statistic, period })
}

/** CloudWatch takes at most ten metrics in the expression of an alarm. */
export const MOST_IN_A_SUM = 10

/** The sum of metrics of which some have no number in a period: that of a function that did not run, say. */
export function sumOf(metrics: readonly IMetric[], label: string): MathExpression {
  if (metrics.length > MOST_IN_A_SUM)
    throw new RangeError(`an alarm sums ${MOST_IN_A_SUM} metrics, not ${metrics.length}`)
  const usingMetrics = Object.fromEntries(metrics.map((metric, index) => [`m${index}`, metric]))
  const expression = Object.keys(usingMetrics)
    .map(id => `FILL(${id}, 0)`)
    .join(' + ')
  return new MathExpression({ expression, usingMetrics, label, period: PERIOD })
}
