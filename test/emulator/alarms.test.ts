import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { CloudWatchMetrics } from '../../lambdas/adapters/cloudwatch-metrics.ts'
import { CloudWatchSignals } from '../../lambdas/adapters/cloudwatch-signals.ts'
import { IamHolders } from '../../lambdas/adapters/iam-holders.ts'
import { closeTheBooks } from '../../lambdas/application/close-books.ts'
import { measureHouse } from '../../lambdas/application/measure-house.ts'
import { noteOutsideChange } from '../../lambdas/application/note-outside-change.ts'
import { FindingWatcher } from '../../lambdas/application/notice-findings.ts'
import { sealDays } from '../../lambdas/application/seal-days.ts'
import { type WatchDeps, watchEvent } from '../../lambdas/application/watch-event.ts'
import { plusSeconds } from '../../lambdas/domain/instant.ts'
import { createHandler as rebuildArchive } from '../../lambdas/handlers/rebuild-archive/handler.ts'
import { aHistory } from '../support/a-history.ts'
import { anAccessFile, anEntitlement } from '../support/an-access-file.ts'
import { ArchiveWorld } from '../support/archive-world.ts'
import { type BareEmulator, startBareEmulator } from '../support/bare-emulator.ts'
import { createStack } from '../support/cloudformation-stack.ts'
import { anEmergencyWorld, BREAK_GLASS } from '../support/emergency-world.ts'
import { InMemoryLedgerSource } from '../support/in-memory-ledger-source.ts'
import { aCallOf, RecordedTrail } from '../support/recorded-trail.ts'
import { $alarm as $anyAlarm, ringing as ringingIn, shortened, statesOf } from '../support/short-alarms.ts'
import { synthesized } from '../support/synthesized.ts'
import { until } from '../support/until.ts'
import { aWorld, type World } from '../support/world.ts'

/** In place of the five minutes and the hour of the alarms, so that three periods pass within a test. */
const PERIOD_SECONDS = 10
const SEAL_SILENT = 'Lapse-seal-silent'
/** In place of its hour: thirty of them pass as fast as three of the others. */
const SEAL_PERIOD_SECONDS = 1
/** Has to learn what is usual, for which there is no time here: unusual-volume.test.ts. */
const LEARNING = 'Lapse-unusual-volume'
const PAGES = 'pages'

const $alarm = $anyAlarm.extend({
  Namespace: z.string().optional(),
  MetricName: z.string().optional(),
  Threshold: z.number().default(0),
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
  const short = alarms.map(({ id, properties }) => {
    const seconds = properties.AlarmName === SEAL_SILENT ? SEAL_PERIOD_SECONDS : PERIOD_SECONDS
    const Properties = { ...shortened(properties, seconds), ...actions }
    return [id, { Type: 'AWS::CloudWatch::Alarm', Properties }] as const
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
    ...Object.fromEntries([...short, ...composite, ...dashboards]),
  }
}

const states = () => statesOf(cloudWatch)
const ringing = (names: readonly string[], work: () => Promise<unknown>) => ringingIn(cloudWatch, names, work)

/** A house in which one removal fails, and has failed for half an hour. */
async function withAnOverdueGrant() {
  const world = aWorld()
  const { grant } = await world.active()
  world.faults.failFrom(0, call => call === 'DetachPolicy')
  world.clock.setTo(plusSeconds(grant.notAfter, 31 * 60))
  return world
}

/** One sweep of that house, whose counts go to CloudWatch, one look at its books, and one measuring. */
async function swept(world: World): Promise<void> {
  await world.sweep()
  await metrics.count(world.metrics.counts.at(-1) ?? {})
  await closeTheBooks({ ...world.deps, trail: new RecordedTrail(world.faults), metrics })
  await measured(world, 1)
}

const archive = new ArchiveWorld()

/** What runs by the clock: that, and one sealing of an archive, which counts by itself. */
async function sweptAndSealed(world: World): Promise<void> {
  await swept(world)
  await sealDays({ ...archive, metrics })
}

const TELLER = { tellOpened: async () => {} }

/** Shows the events of a request, as the table has them, to what watches the stream. */
async function shown(world: World, requestId: string, store: WatchDeps['store'] = world.store): Promise<void> {
  const { findings, access, ids } = world
  const noticing = { access, findings, ids, metrics, teller: TELLER, log: { error: () => {} } }
  const watchers = [new FindingWatcher(noticing), new CloudWatchSignals(metrics)]
  const { events = [] } = (await world.store.history(requestId)) ?? {}
  for (const event of events) await watchEvent({ store, watchers }, event)
}

/** An approved request that never came into force: the sweep gives it up. */
async function failed(): Promise<void> {
  const world = aWorld()
  const { id } = await world.approved()
  world.clock.step(16 * 60)
  await world.sweep()
  await shown(world, id)
}

/** SES takes no mail to who asked. */
async function mailUnsent(): Promise<void> {
  const world = aWorld()
  world.announcer.unreachable.add('alice')
  const { id } = await world.asked()
  await shown(world, id)
}

/** Somebody who may write in the table puts themselves in the place of who asked. */
async function rewritten(): Promise<void> {
  const world = aWorld()
  const { id } = await world.asked()
  const history = async (requestId: string) => {
    const found = await world.store.history(requestId)
    return found && { ...found, events: found.events.map(each => ({ ...each, actor: { person: 'mallory' } })) }
  }
  await shown(world, id, { history })
}

/** Somebody deletes the policy of a grant by hand; the workflow finds it gone at its end. */
async function deletedByHand(): Promise<void> {
  const world = aWorld()
  const { id, grant } = await world.active()
  world.iam.policies.delete(grant.policyArn)
  world.clock.setTo(grant.notAfter)
  await world.end(id)
  await shown(world, id)
}

/** CloudTrail shows that somebody gave a person more rights. */
async function changedOutside(): Promise<void> {
  const { access, findings, ids, clock } = aWorld()
  const deps = {
    access,
    findings,
    ids,
    metrics,
    teller: TELLER,
    rolePrefix: 'Lapse-',
    sweeps: { start: async () => {} },
    iam: new IamHolders(emulator.iam),
  }
  const policyArn = 'arn:aws:iam::aws:policy/AdministratorAccess'
  const by = 'arn:aws:iam::111122223333:user/mallory'
  const change = {
    action: 'AttachUserPolicy',
    at: clock.now(),
    account: '111122223333',
    by,
    userName: 'alice',
    policyArn,
  }
  await noteOutsideChange(deps, { ...change, isDeployment: false })
}

/** The weekly comparing finds in the table what is neither archived nor staged. */
async function neverShown(): Promise<void> {
  const ledger = new InMemoryLedgerSource([aHistory({ at: new Date('2027-02-10T10:00:00Z') })])
  const logger = { warn: () => {}, error: () => {} }
  const compare = rebuildArchive({ ...new ArchiveWorld(), ledger, metrics }, logger)
  await compare({ from: '2027-02', to: '2027-02' })
}

/** A grant that is over, and what CloudTrail would say of it. */
async function withBooksOpen() {
  const statements = [{ actions: ['ec2:StopInstances'], resources: ['*'] }]
  const world = aWorld({ access: anAccessFile({ entitlements: [anEntitlement({ statements, codeRequired: true })] }) })
  const trail = new RecordedTrail(world.faults)
  const { id, grant } = await world.active()
  world.clock.setTo(grant.notAfter)
  await world.end(id)
  world.clock.step(20 * 60)
  return { world, trail, grant, close: () => closeTheBooks({ ...world.deps, trail, metrics }) }
}

/** A house that is frozen, in which an emergency was not reviewed in time and 81 of 100 policies are used. */
async function inNeed(): Promise<unknown> {
  const world = anEmergencyWorld()
  const { id } = await world.emergency()
  await world.askApprovers(id)
  world.clock.step(BREAK_GLASS.reviewWithinSeconds)
  await world.freeze()
  return measured(world, 81)
}

function measured({ store, freezes, clock }: World, used: number): Promise<unknown> {
  const quotas = { ofAccount: async () => ({ used, quota: 100 }) }
  return measureHouse({ debts: store, freezes, quotas, metrics, clock })
}

/** What AWS would say of the mails of the account, at the threshold of each alarm that listens to it. */
async function saidBySes(): Promise<void> {
  for (const { MetricName, Threshold } of OF_SES) {
    await cloudWatch.send(
      new PutMetricDataCommand({ Namespace: 'AWS/SES', MetricData: [{ MetricName, Value: Threshold }] }),
    )
  }
}

const OF_SES = alarms.flatMap(({ properties }) => (properties.Namespace === 'AWS/SES' ? [properties] : []))
const SWEPT = ['overdue-removal', 'long-overdue-removal', 'sweep-failures'].map(name => `Lapse-${name}`)

describe('the alarms of the template, with periods of ten seconds, on the emulator', () => {
  it('FI-7 AUD-02 rings when nothing runs by the clock, with access at risk, and nothing else does', async () => {
    const silent = ['sweep', 'books', 'measures'].map(what => `Lapse-${what}-silent`)
    await ringing([...silent, SEAL_SILENT, 'Lapse-access-at-risk'], async () => undefined)

    expect((await states()).INSUFFICIENT_DATA).toEqual([LEARNING])
  }, 120_000)

  it('ANO-02 END-03 rings for a removal that keeps failing while sweeps run, and no longer for their silence', async () => {
    const world = await withAnOverdueGrant()

    await ringing([...SWEPT, 'Lapse-access-at-risk'], () => sweptAndSealed(world))
  }, 120_000)

  it('ANO-02 is over when the sweeps have nothing left to do', async () => {
    const world = aWorld()

    await ringing([], () => sweptAndSealed(world))
    expect((await states()).OK).toEqual([...NAMES].sort())
  }, 120_000)

  it('AUD-02 seal-silent rings when every sealing breaks off, and is over when one ends', async () => {
    const calm = aWorld()
    archive.archiveBucket.breaksBefore = () => true

    await ringing([SEAL_SILENT], async () => {
      await expect(sealDays({ ...archive, metrics })).rejects.toThrow('S3 does not answer')
      await swept(calm)
    })
    archive.archiveBucket.breaksBefore = () => false
    await ringing([], () => sweptAndSealed(calm))
  }, 120_000)

  it.each([
    ['failed-grant', 'a request that never came into force', failed],
    ['mail-unsent', 'a mail that SES does not take', mailUnsent],
    ['broken-chain', 'a ledger that somebody wrote in', rewritten],
    ['outside-change', 'rights that somebody gave by hand', changedOutside],
    ['archive-lacked', 'a request that the stream never showed', neverShown],
  ])(
    'ANO-02 %s rings for %s, and is over when it is past',
    async (name, _, cause) => {
      const calm = aWorld()
      await cause()
      expect((await states()).ALARM).toContain(`Lapse-${name}`)

      await ringing([], () => sweptAndSealed(calm))
    },
    120_000,
  )

  it('END-06 rings for a grant that ended because of somebody else, as access at risk', async () => {
    const calm = aWorld()
    await deletedByHand()

    const { ALARM } = await states()
    expect(ALARM).toEqual(expect.arrayContaining(['Lapse-out-of-band', 'Lapse-access-at-risk']))
    await ringing([], () => sweptAndSealed(calm))
  }, 120_000)

  it('ANO-05 findings-opened rings when approvers have denied one person three times', async () => {
    const calm = aWorld()
    const world = aWorld()
    for (let times = 1; times <= 3; times += 1) {
      const { id } = await world.asked()
      world.clock.step(900)
      await world.decide('bob', { decision: 'deny', comment: 'not today' })
      await shown(world, id)
    }

    expect((await states()).ALARM).toEqual(['Lapse-findings-opened'])
    await ringing([], () => sweptAndSealed(calm))
  }, 120_000)

  it('AUD-05 violations-found rings for a call after the end that CloudTrail shows', async () => {
    const calm = aWorld()
    const { trail, grant, close } = await withBooksOpen()
    trail.calls.push(aCallOf({ at: plusSeconds(grant.notAfter, 60), action: 'ec2:StopInstances' }))
    await close()

    expect((await states()).ALARM).toContain('Lapse-violations-found')
    await ringing([], () => sweptAndSealed(calm))
  }, 120_000)

  it('AUD-04 books-failed rings when CloudTrail cannot be read twice running, and is over when it can', async () => {
    const calm = aWorld()
    const { world, close } = await withBooksOpen()
    world.faults.failFrom(0, call => call === 'trail.callsOf')

    await ringing(['Lapse-books-failed'], async () => {
      await close()
      await sweptAndSealed(calm)
    })
    world.faults.heal()
    await ringing([], async () => {
      await close()
      await sweptAndSealed(calm)
    })
  }, 120_000)

  it('ANO-02 rings for a freeze, an overdue review and a full account', async () => {
    const world = aWorld()
    await inNeed()

    await ringing(['Lapse-debts-overdue', 'Lapse-freeze-in-force', 'Lapse-policy-quota'], () => sweptAndSealed(world))
    await ringing([], () => sweptAndSealed(world))
  }, 120_000)

  it('ANO-02 rings for mails that bounce or are called spam (numbers of SES, put by hand), and is over when they are fewer', async () => {
    const calm = aWorld()
    const names = OF_SES.map(({ AlarmName }) => AlarmName)

    await ringing(names, async () => {
      await saidBySes()
      await sweptAndSealed(calm)
    })
    expect(names).toEqual(['Lapse-bounce-rate', 'Lapse-complaint-rate'])
    await ringing([], () => sweptAndSealed(calm))
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
      // The silence of the sweep, and the first of the sealing, began with the stack, before anybody could hear of it.
      const wanted = ['Lapse-sweep-silent OK', 'Lapse-access-at-risk OK'].concat(
        ['failed-grant', 'broken-chain', 'seal-silent'].flatMap(name => [`Lapse-${name} ALARM`, `Lapse-${name} OK`]),
      )
      return wanted.every(each => heard.includes(each)) ? heard : undefined
    })

    expect(heard.filter(each => each.startsWith(LEARNING))).toEqual([])
  }, 90_000)
})
