import { Stats } from 'aws-cdk-lib/aws-cloudwatch'
import type { AlarmEntry } from './alarm.ts'
import { counted, sumOf } from './metrics.ts'
import { silenceOf } from './silence.ts'

/** Access that should be over and is not known to be, or that somebody else gave or changed. The fence holds meanwhile. */
export function removalAlarms(): readonly AlarmEntry[] {
  return [
    {
      name: 'overdue-removal',
      metric: counted('GrantsOverdue', Stats.MAXIMUM),
      threshold: 1,
      impact:
        'A policy is still there 15 minutes after its grant ended. Its fence makes it void; one that was attached as it is has none.',
      severity: 'ticket',
      runbook: 'overdue-removal',
    },
    {
      name: 'long-overdue-removal',
      metric: counted('LongestOverdueSeconds', Stats.MAXIMUM),
      threshold: 30 * 60,
      impact: 'A policy is still there 30 minutes after its grant ended, and several sweeps could not remove it.',
      severity: 'page',
      runbook: 'long-overdue-removal',
    },
    {
      name: 'sweep-silent',
      ...silenceOf('SweepHeartbeat'),
      impact: 'No sweep has finished for 15 minutes: nobody looks for what the workflow left behind or others changed.',
      severity: 'page',
      runbook: 'sweep-silent',
    },
    {
      name: 'sweep-failures',
      metric: counted('SweepFailures', Stats.MAXIMUM),
      threshold: 1,
      periods: 2,
      impact: 'Two sweeps running could not finish something: a removal, a wake or a look at IAM keeps failing.',
      severity: 'ticket',
      runbook: 'sweep-failures',
    },
    {
      name: 'out-of-band',
      metric: sumOf([counted('SweepForeign'), counted('GrantsEndedOutside')], 'Changes made by others'),
      threshold: 1,
      impact: 'Somebody made, attached, changed or took away a policy under the path of grants; it was put right.',
      severity: 'page',
      runbook: 'out-of-band',
    },
    {
      name: 'outside-change',
      metric: counted('OutsideChanges'),
      threshold: 1,
      impact:
        'CloudTrail shows that somebody changed the rights of a person Lapse manages, or something of Lapse itself.',
      severity: 'ticket',
      runbook: 'outside-change',
    },
  ]
}
