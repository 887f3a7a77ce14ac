import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb'
import type { FindingChange, FindingQuery, FindingStore } from '../application/ports/finding-store.ts'
import { findingRow, readFinding, readTrackRecord, trackRecordRow } from '../contract/finding-row.ts'
import { FINDINGS_OPEN, findingKey, watchKey } from '../contract/keys.ts'
import type { Finding } from '../domain/findings/finding.ts'
import type { TrackRecord } from '../domain/findings/track-record.ts'
import { pageOfFindings } from './dynamo-finding-pages.ts'
import { type TransactItems, transact } from './dynamo-transact.ts'

/** Findings, and what is known of each subject, in the one table. */
export class DynamoFindingStore implements FindingStore {
  readonly #client: DynamoDBDocumentClient
  readonly #table: string

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client
    this.#table = table
  }

  async record(subject: string): Promise<TrackRecord> {
    return readTrackRecord(subject, await this.#get(watchKey(subject)))
  }

  async find(id: string): Promise<Finding | undefined> {
    const row = await this.#get(findingKey(id))
    return row && readFinding(row)
  }

  /**
   *   record row:       its version is the one that was read, or it is not there yet
   *   opened finding:   the row is not there
   *   changed finding:  the row is open and was found as often as when it was read     so what is closed stays closed
   */
  async write({ records, opened, changed }: FindingChange): Promise<'written' | 'stale'> {
    const items = [
      ...records.map(record => this.#recordItem(record)),
      ...opened.map(finding => this.#put(findingRow(finding), { ConditionExpression: IS_NEW })),
      ...changed.map(({ from, to }) => this.#changedItem(from, to)),
    ]
    return (await transact(this.#client, items)) === 'written' ? 'written' : 'stale'
  }

  list(query: FindingQuery): ReturnType<FindingStore['list']> {
    return pageOfFindings(this.#client, this.#table, query)
  }

  #recordItem(record: TrackRecord): TransactItems[number] {
    const isStill = {
      ConditionExpression: '#version = :read',
      ExpressionAttributeNames: { '#version': 'version' },
      ExpressionAttributeValues: { ':read': record.version },
    }
    return this.#put(trackRecordRow(record), record.version === 0 ? { ConditionExpression: IS_NEW } : isStill)
  }

  #changedItem({ count }: Finding, to: Finding): TransactItems[number] {
    return this.#put(findingRow(to), {
      ConditionExpression: '#open = :open AND #count = :count',
      ExpressionAttributeNames: { '#open': 'open', '#count': 'count' },
      ExpressionAttributeValues: { ':open': FINDINGS_OPEN, ':count': count },
    })
  }

  #put(
    Item: Record<string, unknown>,
    condition: { readonly ConditionExpression: string } & Partial<NonNullable<TransactItems[number]['Put']>>,
  ): TransactItems[number] {
    return { Put: { TableName: this.#table, Item, ...condition } }
  }

  async #get(Key: { pk: string; sk: string }): Promise<Record<string, unknown> | undefined> {
    const { Item } = await this.#client.send(new GetCommand({ TableName: this.#table, Key, ConsistentRead: true }))
    return Item
  }
}

const IS_NEW = 'attribute_not_exists(pk)'
