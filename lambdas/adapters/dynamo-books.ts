import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import type { Books } from '../application/ports/books.ts'
import { activityRow, readActivity } from '../contract/activity-row.ts'
import { activityKey, BOOKS_OPEN } from '../contract/keys.ts'
import type { Activity } from '../domain/activity/activity.ts'
import { idsUnder } from './dynamo-open-requests.ts'

/** What was done with each grant, beside its request in the one table. */
export class DynamoBooks implements Books {
  readonly #client: DynamoDBDocumentClient
  readonly #table: string

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client
    this.#table = table
  }

  open(): AsyncIterable<string> {
    return idsUnder(this.#client, this.#table, BOOKS_OPEN)
  }

  async find(requestId: string): Promise<Activity | undefined> {
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key: activityKey(requestId), ConsistentRead: true }),
    )
    return Item && readActivity(Item)
  }

  /** Invariant: what is final is never written over. */
  async keep(activity: Activity): Promise<Activity> {
    try {
      await this.#client.send(
        new PutCommand({
          TableName: this.#table,
          Item: activityRow(activity),
          ConditionExpression: 'attribute_not_exists(pk) OR #state = :provisional',
          ExpressionAttributeNames: { '#state': 'state' },
          ExpressionAttributeValues: { ':provisional': 'provisional' },
        }),
      )
      return activity
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error
      return (await this.find(activity.requestId)) ?? activity
    }
  }
}
