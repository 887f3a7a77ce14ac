import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { IAM_CHANGES } from '../../lambdas/contract/iam-change.ts'
import type { Alarms } from '../../lib/observability/alarm.ts'
import { counted, sumOf } from '../../lib/observability/metrics.ts'
import { type Resource, synthesized } from '../support/synthesized.ts'

const { resources, template } = synthesized()
const ofType = (type: string): readonly Resource[] => resources.filter(resource => resource.type === type)

const $dimensions = z.array(z.object({ Name: z.string(), Value: z.string() })).default([])
const $metric = z.object({ Namespace: z.string(), MetricName: z.string(), Dimensions: $dimensions })
const $alarm = z.object({
  AlarmName: z.string(),
  AlarmDescription: z.string(),
  AlarmActions: z.array(z.string()),
  OKActions: z.array(z.string()),
  AlarmRule: z.string().optional(),
  Namespace: z.string().optional(),
  MetricName: z.string().optional(),
  Dimensions: $dimensions,
  Metrics: z.array(z.object({ MetricStat: z.object({ Metric: $metric, Period: z.number() }).optional() })).default([]),
  EvaluationPeriods: z.number().optional(),
  Period: z.number().optional(),
  Threshold: z.number().optional(),
  ComparisonOperator: z.string().optional(),
  TreatMissingData: z.string().optional(),
})
type AlarmFacts = z.infer<typeof $alarm>

const alarms = [...ofType('AWS::CloudWatch::Alarm'), ...ofType('AWS::CloudWatch::CompositeAlarm')].map(
  ({ properties }) => $alarm.parse(properties),
)
const named = (name: string): AlarmFacts => {
  const found = alarms.find(({ AlarmName }) => AlarmName === `Lapse-${name}`)
  if (!found) throw new RangeError(`there is no alarm ${name}`)
  return found
}

/** `metric of dimension value`, for every metric an alarm looks at. */
function watchedBy({ MetricName, Dimensions, Metrics }: AlarmFacts): readonly string[] {
  const single = MetricName === undefined ? [] : [{ MetricName, Dimensions }]
  const many = Metrics.flatMap(({ MetricStat }) => MetricStat?.Metric ?? [])
  return [...single, ...many].map(metric =>
    [metric.MetricName, ...metric.Dimensions.map(({ Value }) => Value)].join(' '),
  )
}

const everything = alarms.flatMap(watchedBy)
const DESCRIPTION =
  /^(?<impact>.{40,}\.) Severity: (?<severity>page|ticket)\. What to do: docs\/runbook\.md#(?<section>[a-z-]+)$/

describe('every alarm', () => {
  it.each(alarms.map(({ AlarmName, ...rest }) => ({ AlarmName, ...rest })))(
    'ANO-02 $AlarmName says its impact, its severity and its section of the runbook, and tells the topic of its severity when it begins and ends',
    ({ AlarmDescription, AlarmActions, OKActions }) => {
      const { severity } = DESCRIPTION.exec(AlarmDescription)?.groups ?? {}
      const topic = ofType('AWS::SNS::Topic').find(
        ({ path }) => path.toLowerCase() === `observability/topics/${severity}`,
      )

      expect(AlarmActions).toEqual([expect.stringContaining(`:Lapse-${topic?.id}`)])
      expect(OKActions).toEqual(AlarmActions)
    },
  )

  it('ANO-02 has a section in docs/runbook.md with Symptom, Impact, Look and Fix, and every section an alarm', () => {
    const [, ...sections] = readFileSync(new URL('../../docs/runbook.md', import.meta.url), 'utf8').split(/^## /m)
    const linked = new Set(alarms.map(({ AlarmDescription }) => DESCRIPTION.exec(AlarmDescription)?.groups?.section))
    const parts = ['**Symptom.**', '**Impact.**', '**Look.**', '**Fix.**']

    expect(sections.map(section => section.split('\n')[0]).sort()).toEqual([...linked].sort())
    expect(sections.filter(section => parts.some(part => !section.includes(part)))).toEqual([])
  })

  it('ANO-02 says in docs/trust.md what made it ring, and who counted that', () => {
    const page = readFileSync(new URL('../../docs/trust.md', import.meta.url), 'utf8')
    const [, section = ''] = /^## Alarms$([\s\S]*?)^## /m.exec(page) ?? []
    const told = [...section.matchAll(/`([a-z-]+(?:-N)?)`/g)].map(([, name]) => name)
    const names = alarms.map(({ AlarmName }) => AlarmName.replace(/^Lapse-/, '').replace(/-\d+$/, '-N'))

    expect(names.filter(name => !told.includes(name))).toEqual([])
  })

  it('ANO-02 is one that says something of its duty: without impact, severity or runbook it does not compile', () => {
    const build = (on: Pick<Alarms, 'add'>) => {
      const limit = { name: 'x', metric: counted('SweepFailures'), threshold: 1 }
      // @ts-expect-error no impact
      on.add({ ...limit, severity: 'page', runbook: 'x' })
      // @ts-expect-error no severity
      on.add({ ...limit, impact: 'x', runbook: 'x' })
      // @ts-expect-error no runbook
      on.add({ ...limit, impact: 'x', severity: 'page' })
      // @ts-expect-error not one of the severities
      on.add({ ...limit, impact: 'x', severity: 'urgent', runbook: 'x' })
    }

    expect(build).toBeInstanceOf(Function)
  })
})

describe('nothing of the stack', () => {
  const functions = ofType('AWS::Lambda::Function').filter(({ path }) => !path.startsWith('Drain/'))
  const timesWatched = (what: string, id: string) => everything.filter(each => each === `${what} Lapse-${id}`).length

  it('ANO-02 is unwatched: each function’s errors and throttles are in one alarm each, but the drain’s, which the deletion waits for', () => {
    expect(functions.length).toBeGreaterThan(25)
    expect(functions.filter(({ id }) => timesWatched('Errors', id) !== 1).map(({ path }) => path)).toEqual([])
    expect(functions.filter(({ id }) => timesWatched('Throttles', id) !== 1).map(({ path }) => path)).toEqual([])
  })

  it('ANO-02 is unwatched: each queue has an alarm on its first message, each stream on its age', () => {
    const queues = ofType('AWS::SQS::Queue')
    const waiting = alarms.filter(({ MetricName }) => MetricName === 'ApproximateNumberOfMessagesVisible')
    const behind = alarms.filter(({ MetricName }) => MetricName === 'IteratorAge')

    expect(waiting.map(({ Threshold }) => Threshold)).toEqual(queues.map(() => 1))
    expect(new Set(waiting.flatMap(watchedBy)).size).toBe(queues.length)
    expect(new Set(behind.flatMap(watchedBy)).size).toBe(ofType('AWS::Lambda::EventSourceMapping').length)
    expect(behind.length).toBeGreaterThan(0)
  })
})

describe('the alarms', () => {
  it('END-03 ring at 15 minutes over the end, and page at 30', () => {
    expect(named('overdue-removal')).toMatchObject({ MetricName: 'GrantsOverdue', Threshold: 1, EvaluationPeriods: 1 })
    expect(named('long-overdue-removal')).toMatchObject({ MetricName: 'LongestOverdueSeconds', Threshold: 1800 })
    expect(named('long-overdue-removal').AlarmDescription).toContain('Severity: page.')
  })

  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html: with missing numbers an alarm looks
  // further back than its periods, and a last heartbeat keeps it from ringing as long as it is seen.
  it.each([
    ['sweep', 'SweepHeartbeat', 'page'],
    ['books', 'BooksClosed', 'ticket'],
    ['measures', 'AccessFrozen', 'ticket'],
  ])(
    'FI-7 %s-silent rings when nothing has counted %s for three times five minutes, even if CloudWatch still sees an earlier count',
    (what, MetricName, severity) => {
      const name = `Lapse-${what}-silent`
      const silent = ofType('AWS::CloudWatch::Alarm').find(({ properties }) => properties.AlarmName === name)

      expect(silent?.properties).toMatchObject({
        AlarmDescription: expect.stringContaining(`Severity: ${severity}.`),
        ComparisonOperator: 'LessThanThreshold',
        Threshold: 1,
        EvaluationPeriods: 3,
        TreatMissingData: 'breaching',
        Metrics: [
          { Expression: 'FILL(m0, 0)', ReturnData: true },
          { Id: 'm0', MetricStat: { Metric: { Namespace: 'Lapse', MetricName }, Period: 300, Stat: 'SampleCount' } },
        ],
      })
    },
  )

  it('AUD-02 tell of a night that was not sealed after 30 hours without a sealing, silence itself being the sign', () => {
    expect(named('seal-silent')).toMatchObject({
      Namespace: 'Lapse',
      MetricName: 'SealHeartbeat',
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 1,
      Period: 3600,
      EvaluationPeriods: 30,
      TreatMissingData: 'breaching',
    })
    expect(named('seal-silent').AlarmDescription).toContain('Severity: ticket.')
  })

  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html, Period
  it('ANO-02 look back a day at most, those of whole hours a week, which is what CloudWatch takes', () => {
    const looks = alarms.flatMap(({ AlarmName, EvaluationPeriods = 0, Period, Metrics }) =>
      [Period, ...Metrics.map(({ MetricStat }) => MetricStat?.Period)].map((period = 0) => ({
        AlarmName,
        isTooLong: period * EvaluationPeriods > (period < 3600 ? 86_400 : 604_800),
      })),
    )

    expect(looks.filter(({ isTooLong }) => isTooLong)).toEqual([])
  })

  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html, Metrics and ThresholdMetricId
  it('ANO-02 on unusual volume compare the asks of an hour with the band CloudWatch expects, as it wants to be told', () => {
    const unusual = ofType('AWS::CloudWatch::Alarm').find(
      ({ properties }) => properties.AlarmName === 'Lapse-unusual-volume',
    )
    const { Metrics, ...properties } = unusual?.properties ?? {}

    expect(properties).toMatchObject({ ComparisonOperator: 'GreaterThanUpperThreshold', ThresholdMetricId: 'expr_1' })
    expect(Object.keys(properties).filter(key => ['Threshold', 'MetricName', 'Statistic'].includes(key))).toEqual([])
    expect(Metrics).toEqual([
      expect.objectContaining({ Id: 'expr_1', Expression: 'ANOMALY_DETECTION_BAND(m0, 4)', ReturnData: true }),
      {
        Id: 'm0',
        MetricStat: { Metric: { Namespace: 'Lapse', MetricName: 'RequestsAsked' }, Period: 3600, Stat: 'Sum' },
        ReturnData: true,
      },
    ])
  })

  it('ANO-02 that put access at risk ring as one', () => {
    const rule = named('access-at-risk').AlarmRule ?? ''
    const risky = ['overdue-removal', 'long-overdue-removal', 'sweep-silent', 'sweep-failures', 'out-of-band']

    expect(rule.match(/ALARM\(/g)).toHaveLength(risky.length)
    expect(rule).not.toMatch(/\b(?:AND|NOT)\b/)
  })

  it('ANO-02 sum at most ten metrics, which is what CloudWatch takes', () => {
    const most = Math.max(...alarms.map(({ Metrics }) => Metrics.filter(({ MetricStat }) => MetricStat).length))

    expect(most).toBe(10)
    expect(() =>
      sumOf(
        Array.from({ length: 11 }, () => counted('SweepClosed')),
        'x',
      ),
    ).toThrow(RangeError)
  })

  it('ANO-02 hear of their topics through a key that CloudWatch may use, for this account alone', () => {
    const topics = ofType('AWS::SNS::Topic').filter(({ path }) => path.startsWith('Observability/'))
    const [key] = ofType('AWS::KMS::Key').filter(({ path }) => path.startsWith('Observability/'))
    const condition = { StringEquals: { 'aws:SourceAccount': expect.any(String) } }
    const forAlarms = { Principal: { Service: 'cloudwatch.amazonaws.com' }, Effect: 'Allow', Condition: condition }

    const keysOf = topics.map(({ id }) => JSON.stringify(template.Resources[id]?.Properties.KmsMasterKeyId))
    expect(keysOf.filter(used => key === undefined || !used.includes(key.id))).toEqual([])
    expect(topics).toHaveLength(2)
    expect(key?.properties).toMatchObject({
      EnableKeyRotation: true,
      KeyPolicy: { Statement: expect.arrayContaining([expect.objectContaining(forAlarms)]) },
    })
    for (const { properties } of ofType('AWS::SNS::TopicPolicy').filter(({ path }) =>
      path.startsWith('Observability/'),
    )) {
      expect(properties.PolicyDocument).toMatchObject({
        Statement: expect.arrayContaining([
          expect.objectContaining({ ...forAlarms, Action: 'sns:Publish' }),
          expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ]),
      })
    }
  })
})

describe('the rule on changes of IAM', () => {
  it('END-06 lets through the calls the handler knows and no others, and leaves what cannot be delivered in the queue', () => {
    const [rule, ...others] = ofType('AWS::Events::Rule').filter(({ path }) => path.startsWith('Outside/'))

    expect(others).toEqual([])
    expect(rule?.properties.EventPattern).toEqual({
      source: ['aws.iam'],
      'detail-type': ['AWS API Call via CloudTrail'],
      detail: { eventSource: ['iam.amazonaws.com'], eventName: [...IAM_CHANGES] },
    })
    expect(rule?.properties.Targets).toEqual([
      expect.objectContaining({ DeadLetterConfig: { Arn: expect.stringContaining(':sqs:') } }),
    ])
  })
})

describe('the dashboard', () => {
  it('ANO-01 shows volume, outcomes, time to decision, live grants, lateness, sweeps, queues and every alarm', () => {
    const [dashboard] = ofType('AWS::CloudWatch::Dashboard')
    const $body = z.object({ widgets: z.array(z.object({ properties: z.record(z.string(), z.unknown()) })) })
    const { widgets } = $body.parse(JSON.parse(String(dashboard?.properties.DashboardBody)))
    const text = JSON.stringify(widgets)
    const shown = [
      'GROUP BY Entitlement',
      'GROUP BY Outcome',
      'DecisionSeconds',
      'GrantsLive',
      'LongestOverdueSeconds',
      'SweepHeartbeat',
      'ApproximateNumberOfMessagesVisible',
    ]

    expect(dashboard?.properties.DashboardName).toBe('Lapse-operations')
    expect(shown.filter(part => !text.includes(part))).toEqual([])
    expect(z.array(z.string()).parse(widgets[0]?.properties.alarms)).toHaveLength(alarms.length)
  })

  it('OPS-01 and the alarms leave the stack below 500 resources', () => {
    expect(Object.keys(template.Resources).length).toBeLessThan(500)
  })
})
