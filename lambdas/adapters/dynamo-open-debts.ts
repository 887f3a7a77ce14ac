import { type DynamoDBDocumentClient, GetCommand, paginateQuery } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod/mini'
import type { OpenDebts } from '../application/ports/request-store.ts'
import { BY_OPEN, DEBTS_OPEN } from '../contract/keys.ts'
import { readOpenDebt } from '../contract/personal-rows.ts'
import { read } from '../contract/rows.ts'
import type { OpenDebt } from '../domain/past.ts'

const $IndexRow = z.object({ pk: z.string(), sk: z.string() })

/** The open debts by the sparse index, which may lag by a moment; each as its row says now. */
export class DynamoOpenDebts implements OpenDebts {
  readonly #client: DynamoDBDocumentClient
  readonly #table: string

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client
    this.#table = table
  }

  async *openDebts(): AsyncIterable<OpenDebt> {
    const pages = paginateQuery(
      { client: this.#client, pageSize: 100 },
      {
        TableName: this.#table,
        IndexName: BY_OPEN,
        KeyConditionExpression: '#open = :open',
        ExpressionAttributeNames: { '#open': 'open' },
        ExpressionAttributeValues: { ':open': DEBTS_OPEN },
      },
    )
    for await (const { Items = [] } of pages) {
      for (const row of Items) {
        const debt = await this.#debtAt(read($IndexRow, row))
        if (debt) yield debt
      }
    }
  }

  async #debtAt({ pk, sk }: z.output<typeof $IndexRow>): Promise<OpenDebt | undefined> {
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key: { pk, sk }, ConsistentRead: true }),
    )
    return readOpenDebt(Item)
  }
}
