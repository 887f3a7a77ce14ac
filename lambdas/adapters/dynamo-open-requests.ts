import { type DynamoDBDocumentClient, paginateQuery } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod/mini'
import type { OpenRequests } from '../application/ports/request-store.ts'
import { BY_OPEN, OPEN } from '../contract/keys.ts'
import { read } from '../contract/rows.ts'

const $IndexRow = z.object({ id: z.string() })

/** The open requests by their sparse index, which may lag by a moment. */
export class DynamoOpenRequests implements OpenRequests {
  readonly #client: DynamoDBDocumentClient
  readonly #table: string

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client
    this.#table = table
  }

  openRequests(): AsyncIterable<string> {
    return idsUnder(this.#client, this.#table, OPEN)
  }
}

/** The ids the index has under one value of `open`, oldest request first. */
export async function* idsUnder(client: DynamoDBDocumentClient, table: string, open: string): AsyncIterable<string> {
  const pages = paginateQuery(
    { client, pageSize: 100 },
    {
      TableName: table,
      IndexName: BY_OPEN,
      KeyConditionExpression: '#open = :open',
      ExpressionAttributeNames: { '#open': 'open' },
      ExpressionAttributeValues: { ':open': open },
    },
  )
  for await (const { Items = [] } of pages) yield* Items.map(row => read($IndexRow, row).id)
}
