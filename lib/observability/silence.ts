import { ComparisonOperator, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import type { MetricName } from '../../lambdas/domain/metric-names.ts'
import type { Limit } from './alarm.ts'
import { counted, sumOf } from './metrics.ts'

/**
 * What counts this every five minutes has not done so for a quarter of an hour. A number that is missing is filled in as none: left
 * missing, CloudWatch would look further back than three periods, and the last count it finds there would keep the alarm from ringing.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
export function silenceOf(metricName: MetricName): Limit {
  return {
    metric: sumOf([counted(metricName, Stats.SAMPLE_COUNT)], 'Runs that were done'),
    threshold: 1,
    comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
    periods: 3,
    missing: TreatMissingData.BREACHING,
  }
}
