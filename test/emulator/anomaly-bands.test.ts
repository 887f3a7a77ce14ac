import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  PutMetricDataCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type BareEmulator, startBareEmulator } from '../support/bare-emulator.ts'
import { createStack } from '../support/cloudformation-stack.ts'

const OPERATORS = ['GreaterThanUpperThreshold', 'LessThanLowerThreshold', 'LessThanLowerOrGreaterThanUpperThreshold']
const HOUR_MILLISECONDS = 3_600_000
/** As many hours as make a band: 8 and 12 in turn, so that it is 6 to 14, being two deviations of two around ten. */
const HISTORY = Array.from({ length: 24 }, (_, hour) => (hour % 2 === 0 ? 8 : 12))

interface Series {
  readonly history: readonly number[]
  readonly now?: number
  readonly states: readonly string[]
}

/** A metric each, with the states of the three alarms on it, in the order of the operators. */
const SERIES: Readonly<Record<string, Series>> = {
  Below: { history: HISTORY, now: 5.9, states: ['OK', 'ALARM', 'ALARM'] },
  AtLower: { history: HISTORY, now: 6, states: ['OK', 'OK', 'OK'] },
  Inside: { history: HISTORY, now: 10, states: ['OK', 'OK', 'OK'] },
  AtUpper: { history: HISTORY, now: 14, states: ['OK', 'OK', 'OK'] },
  // Learned from itself it would be inside.
  Above: { history: HISTORY, now: 14.1, states: ['ALARM', 'OK', 'ALARM'] },
  Nothing: { history: HISTORY, states: ['OK', 'OK', 'OK'] },
  TooFew: { history: HISTORY.slice(1), now: 100, states: OPERATORS.map(() => 'INSUFFICIENT_DATA') },
  Unheard: { history: [], states: OPERATORS.map(() => 'INSUFFICIENT_DATA') },
}

let emulator: BareEmulator
let cloudWatch: CloudWatchClient

beforeAll(async () => {
  emulator = await startBareEmulator()
  cloudWatch = new CloudWatchClient(emulator.configFor(emulator.rootCredentials))
  const alarms = Object.keys(SERIES).flatMap(name =>
    OPERATORS.map(operator => [`${name}${operator}`, alarm(name, operator)] as const),
  )
  await createStack(emulator, 'bands', {
    ...Object.fromEntries(alarms),
    Wide: alarm('Above', 'GreaterThanUpperThreshold', { AlarmName: 'Wide' }, 4),
    Strict: alarm('Nothing', 'GreaterThanUpperThreshold', { AlarmName: 'Strict', TreatMissingData: 'missing' }),
  })
  for (const [MetricName, { history, now }] of Object.entries(SERIES)) {
    const past = history.map((Value, hour) => ({ MetricName, Value, Timestamp: hoursAgo(hour + 1.5) }))
    const MetricData = now === undefined ? past : [...past, { MetricName, Value: now }]
    if (MetricData.length > 0) await cloudWatch.send(new PutMetricDataCommand({ Namespace: 'House', MetricData }))
  }
}, 60_000)

afterAll(() => emulator.stop())

function hoursAgo(hours: number): Date {
  return new Date(Date.now() - hours * HOUR_MILLISECONDS)
}

function alarm(MetricName: string, ComparisonOperator: string, more: object = {}, deviations = 2) {
  const MetricStat = { Metric: { Namespace: 'House', MetricName }, Period: 3600, Stat: 'Sum' }
  return {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      AlarmName: `${MetricName}-${ComparisonOperator}`,
      ComparisonOperator,
      EvaluationPeriods: 1,
      ThresholdMetricId: 'band',
      TreatMissingData: 'notBreaching',
      Metrics: [
        { Id: 'band', Expression: `ANOMALY_DETECTION_BAND(m0, ${deviations})`, ReturnData: true },
        { Id: 'm0', MetricStat, ReturnData: true },
      ],
      ...more,
    },
  }
}

async function described(AlarmNames: string[]) {
  const { MetricAlarms = [] } = await cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames }))
  return AlarmNames.map(name => MetricAlarms.find(({ AlarmName }) => AlarmName === name))
}

describe('an alarm on a band of anomaly detection, on the emulator', () => {
  it.each(Object.entries(SERIES))(
    'ANO-02 compares what is %s with the upper threshold, the lower one and both',
    async (name, { states }) => {
      const alarms = await described(OPERATORS.map(operator => `${name}-${operator}`))

      expect(alarms.map(found => found?.StateValue)).toEqual(states)
    },
  )

  it('ANO-02 has a band as wide as it is told, and lets missing data be what it is told', async () => {
    const [wide, strict] = await described(['Wide', 'Strict'])

    expect([wide?.StateValue, strict?.StateValue]).toEqual(['OK', 'INSUFFICIENT_DATA'])
  })

  it('ANO-02 says which value was compared with which band', async () => {
    const [above, below] = await described(['Above-GreaterThanUpperThreshold', 'Below-LessThanLowerThreshold'])

    expect(above?.StateReason).toBe('Thresholds Crossed: [14.1] above the band 6.00 to 14.00')
    expect(below?.StateReason).toBe('Thresholds Crossed: [5.9] below the band 6.00 to 14.00')
    expect(above?.ThresholdMetricId).toBe('band')
  })

  it('ANO-02 has no state when there is no band any more', async () => {
    const AlarmName = 'TooFew-GreaterThanUpperThreshold'
    await cloudWatch.send(new SetAlarmStateCommand({ AlarmName, StateValue: 'ALARM', StateReason: 'rang before' }))
    const [few] = await described([AlarmName])

    expect(few).toMatchObject({
      StateValue: 'INSUFFICIENT_DATA',
      StateReason: 'Insufficient Data: 23 periods are too few for a band',
    })
  })
})
