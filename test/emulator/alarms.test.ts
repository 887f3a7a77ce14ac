import { CloudWatchClient, DescribeAlarmsCommand, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { CloudWatchMetrics } from '../../lambdas/adapters/cloudwatch-metrics.ts'
import { CloudWatchSignals } from '../../lambdas/adapters/cloudwatch-signals.ts'
import { measureHouse } from '../../lambdas/application/measure-house.ts'
import { plusSeconds } from '../../lambdas/domain/instant.ts'
import { chained, type Fact, GENESIS } from '../../lambdas/domain/ledger.ts'
import { aRequest } from '../support/a-request.ts'
import { type BareEmulator, startBareEmulator } from '../support/bare-emulator.ts'
import { createStack } from '../support/cloudformation-stack.ts'
import { synthesized } from '../support/synthesized.ts'
import { until } from '../support/until.ts'
import { aWorld } from '../support/world.ts'

/** In place of the five minutes and the hour of the alarms, so that three periods pass within a test. */
const PERIOD_SECONDS = 10
/** CloudWatch must learn for days what is usual; the emulator never does. */
const LEARNING = 'Lapse-unusual-volume'
const PAGES = 'pages'

const $metric = z.object({
  Namespace: z.string(),
  MetricName: z.string(),
  Dimensions: z.array(z.object({ Name: z.string(), Value: z.string() })).default([]),
})
const $query = z.looseObject({ MetricStat: z.looseObject({ Metric: $metric }).optional() })
const $alarm = z.looseObject({
  AlarmName: z.string(),
  Threshold: z.number().default(0),
  Metrics: z.array($query).optional(),
  Period: z.number().optional(),
})

const { resources, template } = synthesized()
const alarms = resources
  .filter(({ type }) => type === 'AWS::CloudWatch::Alarm')
  .map(({ id, properties }) => ({ id, properties: $alarm.parse(properties) }))
const NAMES = [...alarms.map(({ properties }) => properties.AlarmName), 'Lapse-access-at-risk'].filter(
  name => name !== LEARNING,
)

let emulator: BareEmulator
let cloudWatch: CloudWatchClient
let metrics: CloudWatchMetrics
let queueUrl: string

beforeAll(async () => {
  emulator = await startBareEmulator()
  cloudWatch = new CloudWatchClient(emulator.configFor(emulator.rootCredentials))
  metrics = new CloudWatchMetrics(cloudWatch)
  const outputs = await createStack(emulator, 'Lapse', deployed(), { Queue: { Ref: 'Queue' } })
  queueUrl = outputs.Queue ?? ''
}, 120_000)

afterAll(() => emulator.stop())

/** The alarms and the dashboard of the real template, with short periods, and a queue that hears the pages. */
function deployed(): Record<string, object> {
  const actions = { AlarmActions: [{ Ref: 'Page' }], OKActions: [{ Ref: 'Page' }] }
  const shortened = alarms.map(({ id, properties }) => {
    const { Metrics, Period } = properties
    const own = Metrics
      ? {
          Metrics: Metrics.map(query =>
            query.MetricStat ? { ...query, MetricStat: { ...query.MetricStat, Period: PERIOD_SECONDS } } : query,
          ),
        }
      : { Period: Period && PERIOD_SECONDS }
    return [id, { Type: 'AWS::CloudWatch::Alarm', Properties: { ...properties, ...own, ...actions } }] as const
  })
  const composite = Object.entries(template.Resources)
    .filter(([, { Type }]) => Type === 'AWS::CloudWatch::CompositeAlarm')
    .map(([id, { Type, Properties }]) => [id, { Type, Properties: { ...Properties, ...actions } }] as const)
  const dashboards = resources
    .filter(({ type }) => type === 'AWS::CloudWatch::Dashboard')
    .map(({ id, type, properties }) => [id, { Type: type, Properties: properties }] as const)
  return {
    Page: { Type: 'AWS::SNS::Topic', Properties: { TopicName: PAGES } },
    Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: PAGES } },
    Policy: {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: {
        Queues: [{ Ref: 'Queue' }],
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { Service: 'sns.amazonaws.com' },
              Action: 'sqs:SendMessage',
              Resource: { 'Fn::GetAtt': ['Queue', 'Arn'] },
            },
          ],
        },
      },
    },
    Hear: {
      Type: 'AWS::SNS::Subscription',
      Properties: { TopicArn: { Ref: 'Page' }, Protocol: 'sqs', Endpoint: { 'Fn::GetAtt': ['Queue', 'Arn'] } },
    },
    ...Object.fromEntries([...shortened, ...composite, ...dashboards]),
  }
}

/** Names of the alarms by their state. */
async function states(): Promise<Record<string, readonly string[]>> {
  const { MetricAlarms = [], CompositeAlarms = [] } = await cloudWatch.send(
    new DescribeAlarmsCommand({ AlarmTypes: ['MetricAlarm', 'CompositeAlarm'], MaxRecords: 100 }),
  )
  const found = [...MetricAlarms, ...CompositeAlarms].map(({ AlarmName = '', StateValue = '' }) => ({
    AlarmName,
    StateValue,
  }))
  const byState = Object.groupBy(found, ({ StateValue }) => StateValue)
  return Object.fromEntries(
    Object.entries(byState).map(([state, each]) => [state, (each ?? []).map(({ AlarmName }) => AlarmName).sort()]),
  )
}

/** Does this every few seconds until exactly these alarms ring. */
async function ringing(names: readonly string[], work: () => Promise<unknown>): Promise<void> {
  const wanted = [...names].sort()
  let last: readonly string[] = []
  await until(`ringing: ${wanted.join(', ')}`, 90, async () => {
    await work()
    last = (await states()).ALARM ?? []
    return JSON.stringify(last) === JSON.stringify(wanted) ? last : undefined
  }).catch(error => {
    throw new Error(`${error.message}; but: ${last.join(', ')}`)
  })
}

/** A house in which one removal fails, and has failed for half an hour. */
async function withAnOverdueGrant() {
  const world = aWorld()
  const { grant } = await world.active()
  world.faults.failFrom(0, call => call === 'DetachPolicy')
  world.clock.setTo(plusSeconds(grant.notAfter, 31 * 60))
  return world
}

/** One sweep of that house; what it counted goes to CloudWatch. */
async function sweptAndCounted(world: Awaited<ReturnType<typeof withAnOverdueGrant>>): Promise<void> {
  await world.sweep()
  await metrics.count(world.metrics.counts.at(-1) ?? {})
}

/** An event of a request, shown to what counts for alarms, after a first one that it follows or does not. */
async function seen(fact: Pick<Fact, 'type' | 'details'>, isChained = true): Promise<void> {
  const request = aRequest()
  const about = { at: request.askedAt, actor: { service: 'test' } }
  const first = chained(request.id, GENESIS, { ...about, type: 'asked', details: {} })
  const event = chained(request.id, isChained ? first : GENESIS, { ...about, ...fact })
  await new CloudWatchSignals(metrics).see({ request, event, events: [first, event] })
}

/** A house that is frozen, has a review overdue and 81 of 100 policies. */
function measured(): Promise<unknown> {
  const world = aWorld()
  const [entitlement] = Object.values(world.access.entitlements)
  if (!entitlement) throw new RangeError('the access file has no entitlement')
  const breakGlass = { members: ['alice'], maximumSeconds: 3600, reviewers: ['bob'], reviewWithinSeconds: 3600 }
  const now = world.clock.now()
  return measureHouse({
    access: { ...world.access, entitlements: { [entitlement.id]: { ...entitlement, breakGlass } } },
    store: {
      openDebtOf: async person => (person === 'alice' ? { requestId: 'x', dueBy: plusSeconds(now, -1) } : undefined),
    },
    freezes: { current: async () => ({ by: 'alice', at: now, reason: 'a drill' }) },
    quotas: { ofAccount: async () => ({ used: 81, quota: 100 }) },
    metrics,
    clock: world.clock,
  })
}

/** What AWS would say of its own services, at the threshold of each alarm that looks at them. */
async function saidByAws(): Promise<void> {
  const watched = alarms.flatMap(({ properties: { Metrics, Threshold, AlarmName, ...single } }) => {
    const parsed = $metric.safeParse(single)
    const [first] = Metrics?.flatMap(({ MetricStat }) => MetricStat?.Metric ?? []) ?? []
    const metric = parsed.data ?? first
    return metric && metric.Namespace !== 'Lapse' ? [{ ...metric, Value: Threshold }] : []
  })
  for (const { Namespace, ...datum } of watched) {
    await cloudWatch.send(new PutMetricDataCommand({ Namespace, MetricData: [datum] }))
  }
}

const OF_AWS = alarms
  .filter(({ properties }) => !JSON.stringify(properties).includes('"Namespace":"Lapse"'))
  .map(({ properties }) => properties.AlarmName)
const SWEPT = ['overdue-removal', 'long-overdue-removal', 'sweep-failures'].map(name => `Lapse-${name}`)

describe('the alarms of the template, with periods of ten seconds, on the emulator', () => {
  it('FI-7 rings when no sweep runs, with access at risk, and nothing else does', async () => {
    await ringing(['Lapse-sweep-silent', 'Lapse-access-at-risk'], async () => undefined)

    expect((await states()).INSUFFICIENT_DATA).toEqual([LEARNING])
  }, 120_000)

  it('ANO-02 END-03 rings for a removal that keeps failing while sweeps run, and no longer for their silence', async () => {
    const world = await withAnOverdueGrant()

    await ringing([...SWEPT, 'Lapse-access-at-risk'], () => sweptAndCounted(world))
  }, 120_000)

  it('ANO-02 is over when the sweeps have nothing left to do', async () => {
    const world = aWorld()

    await ringing([], () => sweptAndCounted(world))
    expect((await states()).OK).toEqual([...NAMES].sort())
  }, 120_000)

  it('ANO-02 rings for a failed request, an unsent mail, a broken chain, a finding and a change outside, each for its own', async () => {
    const world = aWorld()
    const causes: Readonly<Record<string, () => Promise<void>>> = {
      'Lapse-failed-grant': () => seen({ type: 'failed', details: {} }),
      'Lapse-mail-unsent': () => seen({ type: 'mail-failed', details: {} }),
      'Lapse-broken-chain': () => seen({ type: 'escalated', details: {} }, false),
      'Lapse-findings-opened': () => metrics.count({ FindingsOpened: 1 }),
      'Lapse-outside-change': () => metrics.count({ OutsideChanges: 1 }),
    }
    for (const [name, cause] of Object.entries(causes)) {
      const { ALARM: before = [] } = await states()
      await cause()
      const { ALARM: after = [] } = await states()

      expect(after.filter(each => !before.includes(each))).toEqual([name])
    }

    await ringing([], () => sweptAndCounted(world))
  }, 120_000)

  it('END-06 rings for a grant that ended because of somebody else, as access at risk', async () => {
    const world = aWorld()
    await seen({ type: 'ended', details: { cause: 'external' } })

    await ringing(['Lapse-out-of-band', 'Lapse-access-at-risk'], () => sweptAndCounted(world))
    await ringing([], () => sweptAndCounted(world))
  }, 120_000)

  it('ANO-02 rings for a freeze, an overdue review and a full account', async () => {
    const world = aWorld()
    await measured()

    await ringing(['Lapse-debts-overdue', 'Lapse-freeze-in-force', 'Lapse-policy-quota'], () => sweptAndCounted(world))
    await ringing([], () => sweptAndCounted(world))
  }, 120_000)

  it('ANO-02 rings for what AWS says of its services (given by hand here: the emulator says none of it), and is over when it stops', async () => {
    const world = aWorld()

    await ringing(OF_AWS, async () => {
      await saidByAws()
      await sweptAndCounted(world)
    })
    await ringing([], () => sweptAndCounted(world))
  }, 200_000)

  it('ANO-02 told the topic when they began and when they were over', async () => {
    const heard: string[] = []
    await until('the messages of two alarms', 60, async () => {
      const { Messages = [] } = z
        .object({ Messages: z.array(z.object({ Body: z.string() })).optional() })
        .parse(await emulator.json('sqs', 'AmazonSQS.ReceiveMessage', { QueueUrl: queueUrl, MaxNumberOfMessages: 10 }))
      for (const { Body } of Messages) {
        const { Message } = z.object({ Message: z.string() }).parse(JSON.parse(Body))
        const { AlarmName, NewStateValue } = z
          .object({ AlarmName: z.string(), NewStateValue: z.string() })
          .parse(JSON.parse(Message))
        heard.push(`${AlarmName} ${NewStateValue}`)
      }
      // The silence of the sweep began with the stack, before anybody could hear of it.
      const wanted = ['Lapse-sweep-silent OK', 'Lapse-access-at-risk OK'].concat(
        ['failed-grant', 'broken-chain'].flatMap(name => [`Lapse-${name} ALARM`, `Lapse-${name} OK`]),
      )
      return wanted.every(each => heard.includes(each)) ? heard : undefined
    })

    expect(heard.filter(each => each.startsWith(LEARNING))).toEqual([])
  }, 90_000)
})
