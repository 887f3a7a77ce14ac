import { Duration, Stack } from 'aws-cdk-lib'
import type { RestApi } from 'aws-cdk-lib/aws-apigateway'
import { Stats } from 'aws-cdk-lib/aws-cloudwatch'
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import { Construct } from 'constructs'
import { Alarms } from './alarm.ts'
import { AlarmTopics } from './alarm-topics.ts'
import { archiveAlarms } from './archive-alarms.ts'
import { Dashboard } from './dashboard.ts'
import { mailAlarms } from './mail-alarms.ts'
import { counted } from './metrics.ts'
import { platformAlarms } from './platform-alarms.ts'
import { removalAlarms } from './removal-alarms.ts'
import { requestAlarms } from './request-alarms.ts'

export interface ObservabilityProps {
  readonly api: RestApi
  readonly stateMachine: StateMachine
}

/** The alarms that mean that somebody may have access who should not. */
const ACCESS_AT_RISK = ['overdue-removal', 'long-overdue-removal', 'sweep-silent', 'sweep-failures', 'out-of-band']

/** Alarms, who is told of them, and the dashboard. Made last: it looks at every function, queue and stream of the stack. */
export class Observability extends Construct {
  readonly topics: AlarmTopics

  constructor(scope: Construct, id: string, platform: ObservabilityProps) {
    super(scope, id)
    this.topics = new AlarmTopics(this, 'Topics')
    const alarms = new Alarms(this, this.topics)
    const entries = [
      ...removalAlarms(),
      ...requestAlarms(),
      ...mailAlarms(),
      ...archiveAlarms(),
      ...platformAlarms(Stack.of(this), platform),
    ]
    const made = new Map(entries.map(entry => [entry.name, alarms.add(entry)]))
    alarms.addUnusual({
      name: 'unusual-volume',
      metric: counted('RequestsAsked', Stats.SUM, Duration.hours(1)),
      periods: 1,
      impact:
        'Far more is asked for than usual at this hour of the week: an incident, a script, or stolen credentials.',
      severity: 'ticket',
      runbook: 'unusual-volume',
    })
    alarms.addAny({
      name: 'access-at-risk',
      alarms: ACCESS_AT_RISK.flatMap(name => made.get(name) ?? []),
      impact: 'Somebody may have access that should be over, or that nobody approved.',
      severity: 'page',
      runbook: 'access-at-risk',
    })
    new Dashboard(this, 'Operations', alarms.all)
  }
}
