import {
  CloudWatchClient,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch'
import { CreateAccessKeyCommand, CreateUserCommand, PutUserPolicyCommand } from '@aws-sdk/client-iam'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { CloudWatchMetrics } from '../../lambdas/adapters/cloudwatch-metrics.ts'
import { CloudWatchOutcomes } from '../../lambdas/adapters/cloudwatch-outcomes.ts'
import { note } from '../../lambdas/domain/lifecycle.ts'
import { ASKED_AT, aBeginning, aRequest } from '../support/a-request.ts'
import { anAccessFile } from '../support/an-access-file.ts'
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

describe('a policy that names the namespace', () => {
  it('OPS-02 lets through what is counted under it, and nothing under another', async () => {
    await emulator.iam.send(new CreateUserCommand({ UserName: 'counter' }))
    const Statement = {
      Effect: 'Allow',
      Action: 'cloudwatch:PutMetricData',
      Resource: '*',
      Condition: { StringEquals: { 'cloudwatch:namespace': 'Lapse' } },
    }
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
    await emulator.iam.send(new PutUserPolicyCommand({ UserName: 'counter', PolicyName: 'count', PolicyDocument }))
    const { AccessKey } = await emulator.iam.send(new CreateAccessKeyCommand({ UserName: 'counter' }))
    const keys = { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' }
    const counter = new CloudWatchClient(emulator.configFor(keys))

    await new CloudWatchMetrics(counter).count({ GrantsOverdue: 2 })
    const elsewhere = counter.send(
      new PutMetricDataCommand({ Namespace: 'Other', MetricData: [{ MetricName: 'x', Value: 1 }] }),
    )

    await expect(elsewhere).rejects.toMatchObject({ name: expect.stringMatching(/^AccessDenied/) })
    expect(await sumOf('GrantsOverdue')).toBe(2)
  })
})

describe('outcomes', () => {
  it('ANO-01 are counted by entitlement and outcome, once for each event that changes a status', async () => {
    const access = anAccessFile()
    const outcomes = new CloudWatchOutcomes(cloudWatch, access)
    const beginnings = [aBeginning(), aBeginning(), aBeginning({ entitlement: 'made-up' })]

    for (const { to: request, event } of beginnings) await outcomes.see({ request, event, events: [event] })
    const { event } = note(aRequest(), {
      type: 'second-look',
      at: ASKED_AT,
      actor: { service: 'revoker' },
      details: {},
    })
    await outcomes.see({ request: aRequest(), event, events: [event] })

    const { Metrics = [] } = await cloudWatch.send(
      new ListMetricsCommand({ Namespace: 'Lapse', MetricName: 'Requests' }),
    )
    const dimensions = Metrics.map(({ Dimensions = [] }) => Dimensions.map(({ Value }) => Value).join(' '))
    expect(dimensions.sort()).toEqual(['logs-read asked', 'unknown asked'])
  })
})
