import { Duration } from 'aws-cdk-lib'
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch'
import type { AlarmEntry } from './alarm.ts'
import { counted, sumOf } from './metrics.ts'

/** Of the account: that is what AWS judges. https://docs.aws.amazon.com/ses/latest/dg/reputationdashboardmessages.html */
const reputation = (metricName: string): Metric =>
  new Metric({ namespace: 'AWS/SES', metricName, statistic: Stats.MAXIMUM, period: Duration.hours(1) })

/** Without mail nobody is asked, and nothing is granted. */
export function mailAlarms(): readonly AlarmEntry[] {
  return [
    {
      name: 'mail-unsent',
      metric: sumOf([counted('MailUnsent'), counted('MailRejected')], 'Mails that did not go out'),
      threshold: 1,
      impact: 'SES did not take a mail: an approver was not asked, or a requester not told.',
      severity: 'ticket',
      runbook: 'mail-unsent',
    },
    {
      name: 'bounce-rate',
      metric: reputation('Reputation.BounceRate'),
      threshold: 0.02,
      impact: '2 % of the mails of the account bounce; at 5 % AWS reviews it and at 10 % it may stop all sending.',
      severity: 'ticket',
      runbook: 'bounce-rate',
    },
    {
      name: 'complaint-rate',
      metric: reputation('Reputation.ComplaintRate'),
      threshold: 0.0005,
      impact: 'Mails of the account are marked as spam; at 0.1 % AWS reviews it and at 0.5 % it may stop all sending.',
      severity: 'ticket',
      runbook: 'complaint-rate',
    },
  ]
}
