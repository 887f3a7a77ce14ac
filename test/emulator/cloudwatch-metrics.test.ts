import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { CloudWatchMetrics } from '../../lambdas/adapters/cloudwatch-metrics.ts'
import { type BareEmulator, startBareEmulator } from '../support/bare-emulator.ts'

let emulator: BareEmulator
let cloudWatch: CloudWatchClient

beforeAll(async () => {
  emulator = await startBareEmulator()
  cloudWatch = new CloudWatchClient(emulator.configFor(emulator.rootCredentials))
}, 90_000)

afterAll(() => emulator.stop())

async function sumOf(MetricName: string): Promise<number | undefined> {
  const now = Date.now()
  const { Datapoints = [] } = await cloudWatch.send(
    new GetMetricStatisticsCommand({
      Namespace: 'Lapse',
      MetricName,
      StartTime: new Date(now - 600_000),
      EndTime: new Date(now + 600_000),
      Period: 3600,
      Statistics: ['Sum'],
    }),
  )
  return Datapoints.length === 0 ? undefined : Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0)
}

describe('metrics', () => {
  it('OPS-02 counted are in the namespace Lapse, without dimensions, zeros too', async () => {
    const metrics = new CloudWatchMetrics(cloudWatch)

    await metrics.count({ SweepHeartbeat: 1, SweepClosed: 3, GrantsOverdue: 0 })
    await metrics.count({ SweepHeartbeat: 1 })

    expect(await sumOf('SweepHeartbeat')).toBe(2)
    expect(await sumOf('SweepClosed')).toBe(3)
    expect(await sumOf('GrantsOverdue')).toBe(0)
    expect(await sumOf('SweepForeign')).toBeUndefined()
  })
})
