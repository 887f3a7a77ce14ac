import { Stack } from 'aws-cdk-lib'
import {
  type AlarmBase,
  AlarmRule,
  AnomalyDetectionAlarm,
  Alarm as CloudWatchAlarm,
  ComparisonOperator,
  CompositeAlarm,
  type IMetric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import type { Construct } from 'constructs'
import type { AlarmTopics, Severity } from './alarm-topics.ts'

/** What whoever is woken reads first. An alarm without it cannot be built. */
export interface Duty {
  /** What it means for people and for access, in one sentence. */
  readonly impact: string
  readonly severity: Severity
  /** The heading of its section in docs/runbook.md, as an anchor: `overdue-removal`. */
  readonly runbook: string
}

/** When a number is an alarm. By default: at or above the threshold in one of the last periods; no number is a good sign. */
export interface Limit {
  readonly metric: IMetric
  readonly threshold: number
  readonly comparison?: ComparisonOperator
  /** Periods of the metric that must be bad, one after the other. */
  readonly periods?: number
  readonly missing?: TreatMissingData
}

/** One alarm of the tables, by its name: `overdue-removal`. */
export interface AlarmEntry extends Limit, Duty {
  readonly name: string
}

/** Makes alarms that can be found by their name and tell the topic of their severity when they begin and when they are over. */
export class Alarms {
  readonly all: AlarmBase[] = []
  readonly #scope: Construct
  readonly #topics: AlarmTopics

  constructor(scope: Construct, topics: AlarmTopics) {
    this.#scope = scope
    this.#topics = topics
  }

  add(entry: AlarmEntry): AlarmBase {
    const { name, metric, threshold, periods = 1, comparison, missing } = entry
    const alarm = new CloudWatchAlarm(this.#scope, name, {
      ...this.#told(entry),
      metric,
      threshold,
      evaluationPeriods: periods,
      comparisonOperator: comparison ?? ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: missing ?? TreatMissingData.NOT_BREACHING,
    })
    return this.#tells(alarm, entry)
  }

  /** An alarm on what is above the band that CloudWatch expects of the metric at that hour and weekday. */
  addUnusual(entry: Duty & { readonly name: string; readonly metric: IMetric; readonly periods: number }): AlarmBase {
    const { name, metric, periods } = entry
    const alarm = new AnomalyDetectionAlarm(this.#scope, name, {
      ...this.#told(entry),
      metric,
      stdDevs: 4,
      evaluationPeriods: periods,
      comparisonOperator: ComparisonOperator.GREATER_THAN_UPPER_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    })
    return this.#tells(alarm, entry)
  }

  /** An alarm while any of these is one. */
  addAny(entry: Duty & { readonly name: string; readonly alarms: readonly AlarmBase[] }): AlarmBase {
    const { name, alarms } = entry
    const { alarmName: compositeAlarmName, alarmDescription } = this.#told(entry)
    const alarmRule = AlarmRule.anyOf(...alarms)
    const composite = new CompositeAlarm(this.#scope, name, { compositeAlarmName, alarmDescription, alarmRule })
    return this.#tells(composite, entry)
  }

  #told({ name, impact, severity, runbook }: Duty & { readonly name: string }) {
    return {
      alarmName: `${Stack.of(this.#scope).stackName}-${name}`,
      alarmDescription: `${impact} Severity: ${severity}. What to do: docs/runbook.md#${runbook}`,
    }
  }

  #tells<Any extends AlarmBase>(alarm: Any, { severity }: Duty): Any {
    const action = new SnsAction(this.#topics.of[severity])
    alarm.addAlarmAction(action)
    alarm.addOkAction(action)
    this.all.push(alarm)
    return alarm
  }
}
