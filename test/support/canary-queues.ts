import * as z from 'zod/mini'
import { awsJson } from './aws-json.ts'
import type { Place, SearchedHouse } from './canary.ts'

const $Queues = z.object({ QueueUrls: z.optional(z.array(z.string())) })
const $Created = z.object({ QueueUrl: z.string() })
const $Attributes = z.object({ Attributes: z.object({ QueueArn: z.string() }) })
const $Buses = z.object({ EventBuses: z.array(z.object({ Name: z.string() })) })
const $Messages = z.object({
  Messages: z.optional(z.array(z.looseObject({ MessageId: z.string(), ReceiptHandle: z.string(), Body: z.string() }))),
})
const $Event = z.object({ source: z.string(), 'detail-type': z.string() })

/** Takes down whatever is put on a bus, which keeps nothing itself. */
const TAP = 'canary-tap'
/** Long enough to read a queue to its end, short enough that whoever it belongs to does not miss them. */
const HIDDEN_SECONDS = 20

/** From now on what is put on any bus of the account is kept in a queue. */
export async function tapBuses({ emulator }: SearchedHouse): Promise<readonly string[]> {
  const { QueueUrl } = $Created.parse(await awsJson(emulator, 'sqs', 'AmazonSQS.CreateQueue', { QueueName: TAP }))
  const asked = { QueueUrl, AttributeNames: ['QueueArn'] }
  const { QueueArn } = $Attributes.parse(
    await awsJson(emulator, 'sqs', 'AmazonSQS.GetQueueAttributes', asked),
  ).Attributes
  const { EventBuses } = $Buses.parse(await awsJson(emulator, 'events', 'AWSEvents.ListEventBuses', {}))
  const buses = EventBuses.map(({ Name }) => Name)
  for (const EventBusName of buses) {
    const EventPattern = JSON.stringify({ account: [emulator.accountId] })
    await awsJson(emulator, 'events', 'AWSEvents.PutRule', { Name: TAP, EventBusName, EventPattern })
    const Targets = [{ Id: TAP, Arn: QueueArn }]
    await awsJson(emulator, 'events', 'AWSEvents.PutTargets', { Rule: TAP, EventBusName, Targets })
  }
  return buses
}

export async function untapBuses({ emulator }: SearchedHouse, buses: readonly string[]): Promise<void> {
  for (const EventBusName of buses) {
    await awsJson(emulator, 'events', 'AWSEvents.RemoveTargets', { Rule: TAP, EventBusName, Ids: [TAP] })
    await awsJson(emulator, 'events', 'AWSEvents.DeleteRule', { Name: TAP, EventBusName })
  }
  const { QueueUrls = [] } = $Queues.parse(
    await awsJson(emulator, 'sqs', 'AmazonSQS.ListQueues', { QueueNamePrefix: TAP }),
  )
  for (const QueueUrl of QueueUrls) await awsJson(emulator, 'sqs', 'AmazonSQS.DeleteQueue', { QueueUrl })
}

/** Every message of every queue. What the tap took down is deleted as it is read; what is in the queues of Lapse stays there. */
export async function* queuePlaces({ emulator }: SearchedHouse): AsyncGenerator<Place> {
  const { QueueUrls = [] } = $Queues.parse(await awsJson(emulator, 'sqs', 'AmazonSQS.ListQueues', {}))
  for (const QueueUrl of QueueUrls) {
    const where = QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1)
    const seen = new Set<string>()
    const asked = {
      QueueUrl,
      MaxNumberOfMessages: 10,
      VisibilityTimeout: HIDDEN_SECONDS,
      AttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    }
    for (;;) {
      const answer = await awsJson(emulator, 'sqs', 'AmazonSQS.ReceiveMessage', asked)
      const { Messages = [] } = $Messages.parse(answer)
      if (Messages.length === 0) break
      for (const message of Messages) {
        const { MessageId, Body } = message
        // It would come again and again, and those behind it never.
        if (seen.has(MessageId)) throw new Error(`${where} has more messages than can be read in ${HIDDEN_SECONDS} s`)
        seen.add(MessageId)
        const text = JSON.stringify(message)
        yield where === TAP
          ? { kind: 'event on the bus', where: eventIn(Body), text }
          : { kind: 'message in a queue', where, text }
      }
      if (where === TAP) {
        const Entries = Messages.map(({ MessageId: Id, ReceiptHandle }) => ({ Id, ReceiptHandle }))
        await awsJson(emulator, 'sqs', 'AmazonSQS.DeleteMessageBatch', { QueueUrl, Entries })
      }
    }
  }
}

function eventIn(body: string): string {
  const { source, 'detail-type': type } = $Event.parse(JSON.parse(body))
  return `${source} ${type}`
}
