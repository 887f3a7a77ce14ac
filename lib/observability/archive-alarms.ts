import { Duration } from 'aws-cdk-lib'
import { ComparisonOperator, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import type { AlarmEntry } from './alarm.ts'
import { counted } from './metrics.ts'

/** Evidence that is not locked away in its time. */
export function archiveAlarms(): readonly AlarmEntry[] {
  return [
    {
      name: 'seal-silent',
      // In hours: with shorter periods CloudWatch looks back a day at most, and the next sealing comes after a day.
      // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
      metric: counted('SealHeartbeat', Stats.SUM, Duration.hours(1)),
      threshold: 1,
      comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
      periods: 30,
      missing: TreatMissingData.BREACHING,
      impact: 'No sealing has finished for 30 hours: what happened since is neither locked in the archive nor signed.',
      severity: 'ticket',
      runbook: 'seal-silent',
    },
    {
      name: 'archive-lacked',
      metric: counted('ArchiveLacked'),
      threshold: 1,
      impact:
        'The archive lacked what the table has: a stream was off or behind, and perhaps nobody was told of these.',
      severity: 'ticket',
      runbook: 'archive-lacked',
    },
  ]
}
