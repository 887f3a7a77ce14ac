import { Duration, type Stack } from 'aws-cdk-lib'
import type { RestApi } from 'aws-cdk-lib/aws-apigateway'
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch'
import { CfnEventSourceMapping } from 'aws-cdk-lib/aws-lambda'
import { Queue } from 'aws-cdk-lib/aws-sqs'
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import type { IConstruct } from 'constructs'
import { LapseFunction } from '../lapse-function.ts'
import type { AlarmEntry } from './alarm.ts'
import { MOST_IN_A_SUM, PERIOD, sumOf } from './metrics.ts'

export interface Platform {
  readonly api: RestApi
  readonly stateMachine: StateMachine
}

/** What AWS says of the parts of the stack. Every function, queue and stream there is when this is called is in one of them. */
export function platformAlarms(stack: Stack, platform: Platform): readonly AlarmEntry[] {
  return [
    ...apiAlarms(platform.api),
    executionAlarm(platform.stateMachine),
    ...queueAlarms(stack),
    ...functionAlarms(stack),
  ]
}

function apiAlarms(api: RestApi): readonly AlarmEntry[] {
  return [
    {
      name: 'api-errors',
      metric: api.metricServerError({ period: PERIOD, statistic: Stats.SUM }),
      threshold: 1,
      impact: 'The API answered a call with a fault of its own: somebody could not ask, decide or give back.',
      severity: 'ticket',
      runbook: 'api-errors',
    },
    {
      name: 'api-latency',
      metric: api.metricLatency({ period: PERIOD, statistic: Stats.percentile(99) }),
      threshold: Duration.seconds(5).toMilliseconds(),
      periods: 3,
      impact: 'One call in a hundred takes more than five seconds for a quarter of an hour.',
      severity: 'ticket',
      runbook: 'api-latency',
    },
  ]
}

function executionAlarm(machine: StateMachine): AlarmEntry {
  const props = { period: PERIOD, statistic: Stats.SUM }
  const broken = [machine.metricFailed(props), machine.metricTimedOut(props), machine.metricAborted(props)]
  return {
    name: 'executions-broken',
    metric: sumOf(broken, 'Executions that failed, timed out or were stopped'),
    threshold: 1,
    impact:
      'The execution of a request broke off; the sweep closes its grant, up to ten minutes later than the workflow.',
    severity: 'ticket',
    runbook: 'executions-broken',
  }
}

function queueAlarms(stack: Stack): readonly AlarmEntry[] {
  return allOf(stack, Queue).map(queue => ({
    name: `dead-letters-${nameOf(stack, queue.node.path)}`,
    metric: queue.metricApproximateNumberOfMessagesVisible({ period: PERIOD, statistic: Stats.MAXIMUM }),
    threshold: 1,
    impact: 'Something that nobody waits for failed three times and is given up: it lies in the queue for 14 days.',
    severity: 'ticket',
    runbook: 'dead-letters',
  }))
}

function functionAlarms(stack: Stack): readonly AlarmEntry[] {
  const functions = allOf(stack, LapseFunction).map(part => part.function)
  const props = { period: PERIOD, statistic: Stats.SUM }
  const groups = inGroups(functions).flatMap((group, index): readonly AlarmEntry[] => [
    {
      name: `function-errors-${index + 1}`,
      metric: sumOf(
        group.map(each => each.metricErrors(props)),
        'Errors of functions',
      ),
      threshold: 1,
      periods: 3,
      impact: 'Functions have failed in each of the last three five minutes: something is broken, not only unlucky.',
      severity: 'ticket',
      runbook: 'function-errors',
    },
    {
      name: `function-throttles-${index + 1}`,
      metric: sumOf(
        group.map(each => each.metricThrottles(props)),
        'Throttled runs of functions',
      ),
      threshold: 1,
      periods: 2,
      impact: 'Lambda has no room to run functions for ten minutes; a removal may wait for the sweep.',
      severity: 'ticket',
      runbook: 'function-throttles',
    },
  ])
  return [...groups, ...streamAlarms(stack)]
}

function streamAlarms(stack: Stack): readonly AlarmEntry[] {
  return allOf(stack, CfnEventSourceMapping).map(({ functionName, node }) => ({
    name: `stream-behind-${nameOf(stack, node.path)}`,
    metric: new Metric({
      namespace: 'AWS/Lambda',
      metricName: 'IteratorAge',
      dimensionsMap: { FunctionName: functionName },
      statistic: Stats.MAXIMUM,
      period: PERIOD,
    }),
    threshold: Duration.minutes(10).toMilliseconds(),
    impact:
      'New events are shown ten minutes late to what counts, tells and archives; after 24 hours the stream forgets them.',
    severity: 'ticket',
    runbook: 'stream-behind',
  }))
}

function allOf<Part>(stack: Stack, kind: abstract new (...args: never[]) => Part) {
  return stack.node.findAll().filter((part): part is IConstruct & Part => part instanceof kind)
}

function inGroups<Part>(parts: readonly Part[]): readonly (readonly Part[])[] {
  return parts.length <= MOST_IN_A_SUM
    ? [parts]
    : [parts.slice(0, MOST_IN_A_SUM), ...inGroups(parts.slice(MOST_IN_A_SUM))]
}

/** `Lapse/Failures/Queue/Resource` → `failures`: the construct that a part belongs to, in lower case. */
function nameOf(stack: Stack, path: string): string {
  const own = path.slice(stack.node.path.length + 1).split('/')
  return (
    own
      .slice(0, -1)
      .filter(part => !PARTS.has(part))
      .join('-')
      .toLowerCase() || 'main'
  )
}
const PARTS = new Set(['Queue', 'Source', 'Stream', 'Resource'])
