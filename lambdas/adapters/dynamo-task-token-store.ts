import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod/mini'
import type { TaskTokenStore } from '../application/ports/workflow.ts'
import { taskTokenKey } from '../contract/keys.ts'
import { read } from '../contract/rows.ts'

const $TaskToken = z.object({ taskToken: z.string() })

/** The token of the wait that is on now, one row a request. A day after the request must be answered the row may go. */
export class DynamoTaskTokenStore implements TaskTokenStore {
  readonly #client: DynamoDBDocumentClient
  readonly #table: string

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client
    this.#table = table
  }

  async keep(requestId: string, taskToken: string, expiresAt: Date): Promise<void> {
    const ttl = Math.floor(expiresAt.getTime() / 1000) + 86_400
    const row = { ...taskTokenKey(requestId), kind: 'task-token', taskToken, ttl }
    await this.#client.send(new PutCommand({ TableName: this.#table, Item: row }))
  }

  async find(requestId: string): Promise<string | undefined> {
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key: taskTokenKey(requestId), ConsistentRead: true }),
    )
    return Item && read($TaskToken, Item).taskToken
  }
}
