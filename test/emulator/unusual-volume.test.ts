import { CloudWatchClient, DescribeAlarmsCommand, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { CloudWatchMetrics } from '../../lambdas/adapters/cloudwatch-metrics.ts'
import { CloudWatchSignals } from '../../lambdas/adapters/cloudwatch-signals.ts'
import { watchEvent } from '../../lambdas/application/watch-event.ts'
import { METRIC_NAMESPACE } from '../../lambdas/domain/metric-names.ts'
import { type BareEmulator, startBareEmulator } from '../support/bare-emulator.ts'
import { createStack } from '../support/cloudformation-stack.ts'
import { $alarm, ringing, shortened, statesOf } from '../support/short-alarms.ts'
import { synthesized } from '../support/synthesized.ts'
import { aWorld } from '../support/world.ts'

const UNUSUAL = 'Lapse-unusual-volume'
/** The same with ten seconds in place of its hour, so that its end comes within a test. */
const SHORT = `${UNUSUAL}-of-ten-seconds`
const PERIOD_SECONDS = 10
const HOUR_MILLISECONDS = 3_600_000

let emulator: BareEmulator
let cloudWatch: CloudWatchClient
let signals: CloudWatchSignals

beforeAll(async () => {
  emulator = await startBareEmulator()
  cloudWatch = new CloudWatchClient(emulator.configFor(emulator.rootCredentials))
  signals = new CloudWatchSignals(new CloudWatchMetrics(cloudWatch))
  const [built] = synthesized().resources.filter(({ properties }) => properties.AlarmName === UNUSUAL)
  const alarm = { ...$alarm.parse(built?.properties), AlarmActions: [], OKActions: [] }
  const short = { ...shortened(alarm, PERIOD_SECONDS), AlarmName: SHORT }
  await createStack(emulator, 'Lapse', {
    Unusual: { Type: 'AWS::CloudWatch::Alarm', Properties: alarm },
    Short: { Type: 'AWS::CloudWatch::Alarm', Properties: short },
  })
}, 60_000)

afterAll(() => emulator.stop())

/** Thirteen days in which one to three requests were asked in each of eight hours, and none in the other sixteen. */
async function calmDays(): Promise<void> {
  const hours = Array.from({ length: 13 * 24 }, (_, index) => index).filter(hour => hour % 24 < 8)
  const MetricData = hours.map(hour => ({
    MetricName: 'RequestsAsked',
    Value: 1 + (hour % 3),
    Timestamp: new Date(Date.now() - (hour + 2) * HOUR_MILLISECONDS),
  }))
  await cloudWatch.send(new PutMetricDataCommand({ Namespace: METRIC_NAMESPACE, MetricData }))
}

/** So many requests of a script with Alice's keys, each event shown to what counts it. Gives back what became of them. */
async function asked(times: number): Promise<readonly string[]> {
  const world = aWorld()
  const outcomes: string[] = []
  for (let time = 1; time <= times; time += 1) {
    world.clock.step(1)
    const asking = await world.ask({ reason: `job ${time} is stuck` })
    if (asking.outcome !== 'accepted' && asking.outcome !== 'refused') throw new Error(`the ask is ${asking.outcome}`)
    const { events = [] } = (await world.store.history(asking.request.id)) ?? {}
    for (const event of events) await watchEvent({ store: world.store, watchers: [signals] }, event)
    outcomes.push(asking.outcome)
  }
  return outcomes
}

async function reasonOf(name: string): Promise<string> {
  const { MetricAlarms: [alarm] = [] } = await cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames: [name] }))
  return alarm?.StateReason ?? ''
}

describe('the alarm on unusual volume, as it is in the template and with ten seconds in place of its hour, on the emulator', () => {
  it('ANO-02 says nothing in a house without history', async () => {
    expect(await statesOf(cloudWatch)).toEqual({ INSUFFICIENT_DATA: [UNUSUAL, SHORT] })
  })

  it('ANO-02 is at rest after two calm weeks, in an hour in which nobody asks', async () => {
    await calmDays()

    expect(await statesOf(cloudWatch)).toEqual({ OK: [UNUSUAL, SHORT] })
  })

  it('ANO-02 does not ring for a few more than usual', async () => {
    await asked(4)

    expect(await statesOf(cloudWatch)).toEqual({ OK: [UNUSUAL, SHORT] })
  })

  it('ANO-02 rings for a script that asks again and again, let in or refused, and is over when its time is past', async () => {
    expect(new Set(await asked(12))).toEqual(new Set(['accepted', 'refused']))

    await ringing(cloudWatch, [UNUSUAL, SHORT], () => asked(6))
    expect(await reasonOf(UNUSUAL)).toMatch(/^Thresholds Crossed: \[\d+\.0\] above the band -?\d/)

    await ringing(cloudWatch, [UNUSUAL], async () => undefined)
    expect(await statesOf(cloudWatch)).toEqual({ ALARM: [UNUSUAL], OK: [SHORT] })
    expect(await reasonOf(SHORT)).toMatch(/ not above the band -?\d/)
  }, 120_000)
})
