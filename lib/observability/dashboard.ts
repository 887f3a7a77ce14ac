import { Duration, Stack } from 'aws-cdk-lib'
import {
  type AlarmBase,
  AlarmStatusWidget,
  Dashboard as CloudWatchDashboard,
  GraphWidget,
  type IMetric,
  MathExpression,
  PeriodOverride,
  SingleValueWidget,
  Stats,
} from 'aws-cdk-lib/aws-cloudwatch'
import { Queue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { METRIC_NAMESPACE } from '../../lambdas/domain/metric-names.ts'
import { counted } from './metrics.ts'

const HALF = 12
const WHOLE = 24

/** What operators look at: first what is wrong, then what is going on, then how the machinery does. */
export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, alarms: readonly AlarmBase[]) {
    super(scope, id)
    const graph = (title: string, left: readonly IMetric[], width = HALF) =>
      new GraphWidget({ title, left: [...left], width, height: 6 })
    const queues = Stack.of(this)
      .node.findAll()
      .filter(part => part instanceof Queue)
    new CloudWatchDashboard(this, 'Dashboard', {
      dashboardName: `${Stack.of(this).stackName}-operations`,
      defaultInterval: Duration.days(1),
      periodOverride: PeriodOverride.INHERIT,
      widgets: [
        [new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width: WHOLE, height: 6 })],
        [
          new SingleValueWidget({
            title: 'Now',
            metrics: [
              counted('GrantsLive', Stats.MAXIMUM),
              counted('GrantsOverdue', Stats.MAXIMUM),
              counted('AccessFrozen', Stats.MAXIMUM),
              counted('DebtsOverdue', Stats.MAXIMUM),
              counted('PoliciesUsedPercent', Stats.MAXIMUM),
            ],
            width: WHOLE,
            height: 3,
          }),
        ],
        [
          graph('Requests by entitlement', [everyRequest('Entitlement')]),
          graph('Requests by outcome', [everyRequest('Outcome')]),
        ],
        [
          graph('Seconds from the ask to the decision of people', [
            counted('DecisionSeconds', Stats.percentile(50), Duration.hours(1)),
            counted('DecisionSeconds', Stats.percentile(90), Duration.hours(1)),
          ]),
          graph('Live grants', [counted('GrantsLive', Stats.MAXIMUM)]),
        ],
        [
          graph('Lateness of removals, in seconds', [counted('LongestOverdueSeconds', Stats.MAXIMUM)]),
          graph('Sweeps', [
            counted('SweepHeartbeat'),
            counted('SweepClosed'),
            counted('SweepForeign'),
            counted('SweepFailures'),
          ]),
        ],
        [
          graph('Mail', [
            counted('MailDelivered'),
            counted('MailBounced'),
            counted('MailDelayed'),
            counted('MailUnsent'),
          ]),
          graph(
            'What functions gave up',
            queues.map(queue => queue.metricApproximateNumberOfMessagesVisible({ statistic: Stats.MAXIMUM })),
          ),
        ],
      ],
    })
  }
}

/** Hourly counts of requests, one line for each value of the dimension. */
function everyRequest(dimension: 'Entitlement' | 'Outcome'): MathExpression {
  const expression = `SELECT SUM(Requests) FROM SCHEMA("${METRIC_NAMESPACE}", Entitlement, Outcome) GROUP BY ${dimension}`
  return new MathExpression({ expression, usingMetrics: {}, label: '', period: Duration.hours(1) })
}
