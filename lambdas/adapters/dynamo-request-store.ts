import { randomUUID } from 'node:crypto'
import { type DynamoDBDocumentClient, GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod/mini'
import type {
  Along,
  Creation,
  History,
  Idempotency,
  Recalled,
  RequestPage,
  RequestQuery,
  RequestStore,
} from '../application/ports/request-store.ts'
import { debtKey, eventKey, idempotencyKey, linkKey, requestKey, usesKey } from '../contract/keys.ts'
import { readOpenDebt, readUses } from '../contract/personal-rows.ts'
import { eventRow, read, readEvent, readRequest, requestRow } from '../contract/rows.ts'
import { plusSeconds } from '../domain/instant.ts'
import type { LedgerEvent } from '../domain/ledger.ts'
import type { Beginning, Transition } from '../domain/lifecycle.ts'
import type { OpenDebt } from '../domain/past.ts'
import type { Request } from '../domain/request.ts'
import type { Uses } from '../domain/uses.ts'
import { debtItems, usesItem } from './dynamo-personal-items.ts'
import { pageOfRequests } from './dynamo-request-pages.ts'
import { type TransactItems, transact } from './dynamo-transact.ts'

const $IdempotencyRow = z.object({ requestId: z.string(), bodyHash: z.string() })
/** How long a key is remembered. Longer than any caller retries. */
const IDEMPOTENCY_SECONDS = 7 * 86_400

/** Requests and their events in the one table; see contract/keys.ts. */
export class DynamoRequestStore implements RequestStore {
  readonly #client: DynamoDBDocumentClient
  readonly #table: string

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client
    this.#table = table
  }

  async create({ to, event }: Beginning, idempotency?: Idempotency, along: Along = {}): Promise<Creation> {
    const writer = randomUUID()
    const puts: TransactItems = [this.#putNew(requestRow(to)), this.#putNew({ ...eventRow(event), writer })]
    if (idempotency) puts.push(this.#putNew(this.#idempotencyRow(to, idempotency)))
    if (along.uses) puts.push(usesItem(this.#table, to.requester, along.uses))
    if (along.step) puts.push(...this.#stepItems(along.step, writer))
    if ((await this.#transact(puts, event, writer)) === 'won') return { outcome: 'created' }
    const recalled = idempotency && (await this.recall(idempotency))
    if (recalled) return recalled
    const isStale = (along.uses || along.step) && !(await this.find(to.id))
    if (isStale) return { outcome: 'stale' }
    throw new Error(`request ${to.id} could not be created: its id is taken`)
  }

  async recall({ requester, key, bodyHash }: Idempotency): Promise<Recalled | undefined> {
    const row = await this.#get(idempotencyKey(requester, key))
    const known = row && read($IdempotencyRow, row)
    return known && { outcome: known.bodyHash === bodyHash ? 'repeated' : 'mismatch', requestId: known.requestId }
  }

  async commit(transition: Transition, usedLink?: string): Promise<'won' | 'lost'> {
    const writer = randomUUID()
    const items = this.#stepItems(transition, writer)
    if (usedLink !== undefined) items.push(this.#useLink(usedLink))
    return this.#transact(items, transition.event, writer)
  }

  async find(requestId: string): Promise<Request | undefined> {
    const row = await this.#get(requestKey(requestId))
    return row && readRequest(row)
  }

  async history(requestId: string): Promise<History | undefined> {
    const rows: Record<string, unknown>[] = []
    let from: Record<string, unknown> | undefined
    do {
      const page = await this.#client.send(
        new QueryCommand({
          TableName: this.#table,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': requestKey(requestId).pk },
          ConsistentRead: true,
          ExclusiveStartKey: from,
        }),
      )
      rows.push(...(page.Items ?? []))
      from = page.LastEvaluatedKey
    } while (from)
    const request = rows.find(({ kind }) => kind === 'request')
    if (!request) return undefined
    return { request: readRequest(request), events: rows.filter(({ kind }) => kind === 'event').map(readEvent) }
  }

  list(query: RequestQuery): Promise<RequestPage> {
    return pageOfRequests(this.#client, this.#table, query)
  }

  async usesOf(person: string): Promise<Uses> {
    return readUses(await this.#get(usesKey(person)))
  }

  async openDebtOf(person: string): Promise<OpenDebt | undefined> {
    return readOpenDebt(await this.#get(debtKey(person)))
  }

  /**
   *   stored request:  is still `from`: same status AND same last event      else nothing is written
   *   event row:       does not exist yet                                    (append-only)
   *   link row:        is still open                                         (single use)
   *   debt row:        the requester owes none, or this one                  (only when a debt opens, or closes)
   */
  #stepItems(transition: Transition, writer: string): TransactItems {
    const { from, to, event } = transition
    return [
      {
        Put: {
          TableName: this.#table,
          Item: requestRow(to),
          ConditionExpression: '#status = :status AND lastEvent.#hash = :lastHash',
          ExpressionAttributeNames: { '#status': 'status', '#hash': 'hash' },
          ExpressionAttributeValues: { ':status': from.status, ':lastHash': from.lastEvent.hash },
        },
      },
      this.#putNew({ ...eventRow(event), writer }),
      ...debtItems(this.#table, transition),
    ]
  }

  #putNew(row: Record<string, unknown>): TransactItems[number] {
    return { Put: { TableName: this.#table, Item: row, ConditionExpression: 'attribute_not_exists(pk)' } }
  }

  #useLink(tokenHash: string): TransactItems[number] {
    return {
      Update: {
        TableName: this.#table,
        Key: linkKey(tokenHash),
        UpdateExpression: 'SET #state = :used',
        ConditionExpression: '#state = :open',
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: { ':used': 'used', ':open': 'open' },
      },
    }
  }

  #idempotencyRow({ id, askedAt }: Request, { requester, key, bodyHash }: Idempotency): Record<string, unknown> {
    const ttl = Math.floor(plusSeconds(askedAt, IDEMPOTENCY_SECONDS).getTime() / 1000)
    return { ...idempotencyKey(requester, key), kind: 'idempotency', requestId: id, bodyHash, ttl }
  }

  async #get(key: { pk: string; sk: string }): Promise<Record<string, unknown> | undefined> {
    const { Item } = await this.#client.send(new GetCommand({ TableName: this.#table, Key: key, ConsistentRead: true }))
    return Item
  }

  async #transact(items: TransactItems, event: LedgerEvent, writer: string): Promise<'won' | 'lost'> {
    if ((await transact(this.#client, items, writer)) === 'written') return 'won'
    return (await this.#isWrittenBy(writer, event)) ? 'won' : 'lost'
  }

  /**
   * Whether this very call wrote the event: then only the acknowledgement got lost. Two answers given in the same second are the
   * same event to the letter, so the writer's mark, and not the hash, tells them apart.
   */
  async #isWrittenBy(writer: string, { requestId, sequence }: LedgerEvent): Promise<boolean> {
    const row = await this.#get(eventKey(requestId, sequence))
    return row?.writer === writer
  }
}
