import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { type DynamoDBDocumentClient, GetCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import type { ReviewStore } from '../application/ports/review-store.ts'
import { $ReviewRow, REVIEWS, reviewKey } from '../contract/review.ts'
import { read } from '../contract/rows.ts'
import { toInstant } from '../domain/instant.ts'
import type { Edition } from '../domain/review/manifest.ts'
import type { Pack, ReviewRecord } from '../domain/review/review-record.ts'

/** The reviews in the one table: one row a period, see contract/review.ts. */
export class DynamoReviewStore implements ReviewStore {
  readonly #client: DynamoDBDocumentClient
  readonly #table: string

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client
    this.#table = table
  }

  /** One atomic update counts the version up and says who asked: two at once cannot get the same one. */
  async open({ period, requestedBy, requestedAt }: Parameters<ReviewStore['open']>[0]): Promise<ReviewRecord> {
    const { Attributes } = await this.#client.send(
      new UpdateCommand({
        TableName: this.#table,
        Key: reviewKey(period),
        UpdateExpression:
          'SET #kind = :kind, #period = :period, #status = :producing, requestedBy = :by, requestedAt = :at REMOVE #failure ADD #version :one',
        ExpressionAttributeNames: {
          '#kind': 'kind',
          '#period': 'period',
          '#status': 'status',
          '#failure': 'failure',
          '#version': 'version',
        },
        ExpressionAttributeValues: {
          ':kind': 'review',
          ':period': period,
          ':producing': 'PRODUCING',
          ':by': requestedBy,
          ':at': toInstant(requestedAt),
          ':one': 1,
        },
        ReturnValues: 'ALL_NEW',
      }),
    )
    return read($ReviewRow, Attributes)
  }

  /**
   *   newest production:   version = this one            status READY, pack
   *   newer one has begun: version > this one            pack alone, and only if
   *   pack of the row:     is absent OR is older         else nothing is written
   */
  async ready(period: string, pack: Pack): Promise<void> {
    const stored = { ...pack, producedAt: toInstant(pack.producedAt) }
    const isNewest = await this.#update(period, {
      UpdateExpression: 'SET #status = :ready, #pack = :pack REMOVE #failure',
      ConditionExpression: '#version = :version',
      ExpressionAttributeNames: { '#status': 'status', '#pack': 'pack', '#failure': 'failure', '#version': 'version' },
      ExpressionAttributeValues: { ':ready': 'READY', ':pack': stored, ':version': pack.version },
    })
    if (isNewest) return
    await this.#update(period, {
      UpdateExpression: 'SET #pack = :pack',
      ConditionExpression: '#version > :version AND (attribute_not_exists(#pack) OR #pack.#version < :version)',
      ExpressionAttributeNames: { '#pack': 'pack', '#version': 'version' },
      ExpressionAttributeValues: { ':pack': stored, ':version': pack.version },
    })
  }

  async failed({ period, version }: Edition, why: string): Promise<void> {
    await this.#update(period, {
      UpdateExpression: 'SET #status = :failed, #failure = :why',
      ConditionExpression: '#version = :version AND #status = :producing',
      ExpressionAttributeNames: { '#status': 'status', '#failure': 'failure', '#version': 'version' },
      ExpressionAttributeValues: {
        ':failed': 'FAILED',
        ':producing': 'PRODUCING',
        ':why': why.slice(0, 500),
        ':version': version,
      },
    })
  }

  async find(period: string): Promise<ReviewRecord | undefined> {
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key: reviewKey(period), ConsistentRead: true }),
    )
    return Item && read($ReviewRow, Item)
  }

  /** A few rows a year: no pages for the caller, though DynamoDB may give several. */
  async list(): Promise<readonly ReviewRecord[]> {
    const found: ReviewRecord[] = []
    let from: Record<string, unknown> | undefined
    do {
      const page = await this.#client.send(
        new QueryCommand({
          TableName: this.#table,
          KeyConditionExpression: 'pk = :reviews',
          ExpressionAttributeValues: { ':reviews': REVIEWS },
          ConsistentRead: true,
          ScanIndexForward: false,
          ExclusiveStartKey: from,
        }),
      )
      found.push(...(page.Items ?? []).map(row => read($ReviewRow, row)))
      from = page.LastEvaluatedKey
    } while (from)
    return found
  }

  /** Whether the condition held. */
  async #update(period: string, change: Change): Promise<boolean> {
    try {
      await this.#client.send(new UpdateCommand({ TableName: this.#table, Key: reviewKey(period), ...change }))
      return true
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false
      throw error
    }
  }
}

type Change = Omit<ConstructorParameters<typeof UpdateCommand>[0], 'TableName' | 'Key'>
