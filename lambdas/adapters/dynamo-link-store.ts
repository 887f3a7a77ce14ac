import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod/mini'
import { type Link, type LinkStore, MOST_TRIES } from '../application/ports/link-store.ts'
import { linkKey } from '../contract/keys.ts'
import { $StoredInstant, read } from '../contract/rows.ts'
import { toInstant } from '../domain/instant.ts'

const $Link = z.object({
  tokenHash: z.string(),
  requestId: z.string(),
  approver: z.string(),
  stage: z.string(),
  codeHash: z.optional(z.string()),
  expiresAt: $StoredInstant,
  state: z.enum(['open', 'used']),
  tries: z.number(),
})

/** Links in the one table, under the hash of their token. Expiry is always compared in code; TTL only tidies up a day later. */
export class DynamoLinkStore implements LinkStore {
  readonly #client: DynamoDBDocumentClient
  readonly #table: string

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client
    this.#table = table
  }

  async put(links: readonly Link[]): Promise<void> {
    await Promise.all(
      links.map(link => {
        const ttl = Math.floor(link.expiresAt.getTime() / 1000) + 86_400
        const row = { ...linkKey(link.tokenHash), kind: 'link', ...link, expiresAt: toInstant(link.expiresAt), ttl }
        // No condition: the key is 256 random bits, and a put sent again after a lost answer must not fail.
        return this.#client.send(new PutCommand({ TableName: this.#table, Item: row }))
      }),
    )
  }

  async find(tokenHash: string): Promise<Link | undefined> {
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key: linkKey(tokenHash), ConsistentRead: true }),
    )
    return Item && read($Link, Item)
  }

  async takeTry(tokenHash: string) {
    try {
      const { Attributes } = await this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: linkKey(tokenHash),
          UpdateExpression: 'ADD tries :one',
          ConditionExpression: '#state = :open AND tries < :most',
          ExpressionAttributeNames: { '#state': 'state' },
          ExpressionAttributeValues: { ':one': 1, ':open': 'open', ':most': MOST_TRIES },
          ReturnValues: 'ALL_NEW',
        }),
      )
      return { outcome: 'taken', tries: read($Link, Attributes).tries } as const
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return { outcome: 'none-left' } as const
      throw error
    }
  }
}
