import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { EventBridgeBus } from '../../lambdas/adapters/event-bridge-bus.ts'
import { $BusEvent } from '../../lambdas/contract/bus-event.ts'
import { $ChatOrder } from '../../lambdas/contract/chat-order.ts'
import { $FindingEvent } from '../../lambdas/contract/finding-event.ts'
import { activate, type Transition } from '../../lambdas/domain/lifecycle.ts'
import { aFinding } from '../support/a-finding.ts'
import { anApprovedRequest } from '../support/a-request.ts'
import { type BareEmulator, startBareEmulator } from '../support/bare-emulator.ts'
import { until } from '../support/until.ts'

const BUS = 'lapse-test'
const $queue = z.object({ QueueUrl: z.string() })
const $messages = z.object({ Messages: z.array(z.object({ Body: z.string() })).optional() })
const $event = z.object({ source: z.string(), 'detail-type': z.string(), detail: z.unknown() })

let emulator: BareEmulator
let client: EventBridgeClient

beforeAll(async () => {
  emulator = await startBareEmulator()
  client = new EventBridgeClient(emulator.configFor(emulator.rootCredentials))
  await client.send(new CreateEventBusCommand({ Name: BUS }))
}, 90_000)

afterAll(() => emulator.stop())

/** A queue behind a rule of the bus; gives what came into it. */
async function subscribed(name: string, target: object = {}): Promise<() => Promise<string>> {
  const { QueueUrl } = $queue.parse(await emulator.json('sqs', 'AmazonSQS.CreateQueue', { QueueName: name }))
  const EventPattern = JSON.stringify({ source: ['lapse'], detail: { type: ['activated', 'finding-opened'] } })
  await client.send(new PutRuleCommand({ Name: name, EventBusName: BUS, EventPattern }))
  const Arn = `arn:aws:sqs:us-east-1:000000000000:${name}`
  await client.send(new PutTargetsCommand({ Rule: name, EventBusName: BUS, Targets: [{ Id: '1', Arn, ...target }] }))
  const receive = async () =>
    $messages.parse(await emulator.json('sqs', 'AmazonSQS.ReceiveMessage', { QueueUrl })).Messages?.[0]?.Body
  return () => until(`an event in ${name}`, 10, receive)
}

function activation(): Transition {
  const request = anApprovedRequest()
  return activate(request, request.grant?.notBefore ?? request.askedAt)
}

describe('the bus', () => {
  it('NOT-04 brings an event to who subscribed to its type, as the schema says', async () => {
    const received = await subscribed('everything')
    const { to, event } = activation()
    const bus = new EventBridgeBus(client, { busName: BUS, apiUrl: 'https://lapse.example.com' })

    await bus.see({ request: to, event, events: [event] })

    const { detail, ...about } = $event.parse(JSON.parse(await received()))
    expect(about).toEqual({ source: 'lapse', 'detail-type': 'Access Granted' })
    expect($BusEvent.parse(detail)).toMatchObject({ id: `${to.id}/${event.sequence}`, status: 'ACTIVE' })
  })

  it('ANO-05 brings a finding that was opened, as its schema says', async () => {
    const received = await subscribed('findings')
    const bus = new EventBridgeBus(client, { busName: BUS, apiUrl: 'https://lapse.example.com' })

    await bus.tellOpened(aFinding(), 'alice')

    const { detail, ...about } = $event.parse(JSON.parse(await received()))
    expect(about).toEqual({ source: 'lapse', 'detail-type': 'Finding Opened' })
    expect($FindingEvent.parse(detail)).toMatchObject({ id: aFinding().id, person: 'alice' })
  })

  it('NOT-04 hands a chat its name and the event, by the transformer of its rule', async () => {
    const InputTransformer = {
      InputPathsMap: { detail: '$.detail' },
      InputTemplate: '{"webhook":"security","event":<detail>}',
    }
    const received = await subscribed('chat', { InputTransformer })
    const { to, event } = activation()
    const bus = new EventBridgeBus(client, { busName: BUS, apiUrl: 'https://lapse.example.com' })

    await bus.see({ request: to, event, events: [event] })

    expect($ChatOrder.parse(JSON.parse(await received()))).toMatchObject({
      webhook: 'security',
      event: { requestId: to.id },
    })
  })

  it('NOT-04 that does not take an event says so, and the event comes again', async () => {
    const { to, event } = activation()
    const bus = new EventBridgeBus(client, { busName: BUS, apiUrl: 'https://lapse.example.com' })
    client.middlewareStack.add(
      () => async () => ({
        output: { $metadata: {}, FailedEntryCount: 1, Entries: [{ ErrorCode: 'ThrottlingException' }] },
        response: {},
      }),
      { step: 'deserialize', priority: 'high', name: 'refuse' },
    )

    const refused = bus.see({ request: to, event, events: [event] })

    await expect(refused).rejects.toMatchObject({ name: 'EventNotTakenError' })
    client.middlewareStack.remove('refuse')
  })
})
