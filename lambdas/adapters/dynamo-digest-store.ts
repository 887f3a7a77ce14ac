import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod/mini'
import type { DigestSpan, DigestStore } from '../application/ports/digest-store.ts'
import { digestKey } from '../contract/keys.ts'
import { $StoredInstant, read } from '../contract/rows.ts'
import { toInstant } from '../domain/instant.ts'

const $Row = z.object({
  from: $StoredInstant,
  until: $StoredInstant,
  told: z.array(z.string()),
  state: z.enum(['begun', 'finished']),
})

/** The last span in one row of the one table. A span is named by its end: what is written to another one than was read is not written. */
export class DynamoDigestStore implements DigestStore {
  readonly #client: DynamoDBDocumentClient
  readonly #table: string

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client
    this.#table = table
  }

  async begin(first: Date, until: Date): Promise<DigestSpan | undefined> {
    const last = await this.#last()
    if (last?.state === 'begun') return last
    const from = last?.until ?? first
    if (from >= until) return undefined
    const isStillLast = last
      ? {
          ConditionExpression: '#until = :until AND #state = :finished',
          ExpressionAttributeNames: { '#until': 'until', '#state': 'state' },
          ExpressionAttributeValues: { ':until': toInstant(last.until), ':finished': 'finished' },
        }
      : { ConditionExpression: 'attribute_not_exists(pk)' }
    const span = { from: toInstant(from), until: toInstant(until), told: [], state: 'begun' }
    const Item = { ...digestKey(), kind: 'digest', ...span }
    try {
      await this.#client.send(new PutCommand({ TableName: this.#table, Item, ...isStillLast }))
    } catch (error) {
      // Another run has begun the same span a moment before: it tells of it.
      if (error instanceof ConditionalCheckFailedException) return undefined
      throw error
    }
    return { from, until, told: [] }
  }

  async told({ until }: DigestSpan, person: string): Promise<void> {
    await this.#client.send(
      new UpdateCommand({
        TableName: this.#table,
        Key: digestKey(),
        UpdateExpression: 'SET told = list_append(told, :person)',
        ConditionExpression: '#until = :until',
        ExpressionAttributeNames: { '#until': 'until' },
        ExpressionAttributeValues: { ':until': toInstant(until), ':person': [person] },
      }),
    )
  }

  async finish({ until }: DigestSpan): Promise<void> {
    await this.#client.send(
      new UpdateCommand({
        TableName: this.#table,
        Key: digestKey(),
        UpdateExpression: 'SET #state = :finished',
        ConditionExpression: '#until = :until',
        ExpressionAttributeNames: { '#until': 'until', '#state': 'state' },
        ExpressionAttributeValues: { ':until': toInstant(until), ':finished': 'finished' },
      }),
    )
  }

  async #last() {
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key: digestKey(), ConsistentRead: true }),
    )
    return Item && read($Row, Item)
  }
}
