import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod/mini'
import type { LedgerSource } from '../application/ports/ledger-source.ts'
import type { RequestStore } from '../application/ports/request-store.ts'
import { BY_MONTH } from '../contract/keys.ts'
import { read } from '../contract/rows.ts'
import { isWithin, monthsOf, type Period } from '../domain/period.ts'
import type { History } from '../domain/review/lens.ts'

const $IndexRow = z.object({ id: z.string() })
/** Histories read at once; each is one small query. */
const AT_ONCE = 16

/**
 * The ledger as it stands in the table, month by month through the index of months, oldest request first. Right for thousands of
 * requests; a quarter of hundreds of thousands wants the day files of the archive (docs/performance), by the same port.
 * The index is a moment behind the table: a request asked in the last second may be missing from a period that still runs.
 */
export class DynamoLedgerSource implements LedgerSource {
  readonly #client: DynamoDBDocumentClient
  readonly #table: string
  readonly #requests: Pick<RequestStore, 'history'>

  constructor(client: DynamoDBDocumentClient, table: string, requests: Pick<RequestStore, 'history'>) {
    this.#client = client
    this.#table = table
    this.#requests = requests
  }

  async *histories(period: Period): AsyncGenerator<History> {
    for (const month of monthsOf(period)) {
      for await (const ids of this.#idsOf(month)) {
        for (let start = 0; start < ids.length; start += AT_ONCE) {
          const histories = await Promise.all(ids.slice(start, start + AT_ONCE).map(id => this.#historyOf(id)))
          for (const history of histories) if (isWithin(period, history.request.askedAt)) yield history
        }
      }
    }
  }

  async *#idsOf(month: string): AsyncGenerator<readonly string[]> {
    let from: Record<string, unknown> | undefined
    do {
      const page = await this.#client.send(
        new QueryCommand({
          TableName: this.#table,
          IndexName: BY_MONTH,
          KeyConditionExpression: '#month = :month',
          ExpressionAttributeNames: { '#month': 'month' },
          ExpressionAttributeValues: { ':month': month },
          ExclusiveStartKey: from,
        }),
      )
      yield (page.Items ?? []).map(row => read($IndexRow, row).id)
      from = page.LastEvaluatedKey
    } while (from)
  }

  /** An id the index names and the table does not have is a hole in the ledger, never a request less. */
  async #historyOf(id: string): Promise<History> {
    const history = await this.#requests.history(id)
    if (!history) throw new RangeError(`request ${id} is in the index of months and not in the table`)
    return history
  }
}
