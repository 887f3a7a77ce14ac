import { randomUUID } from 'node:crypto'
import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod/mini'
import type { Freeze, FreezeStore } from '../application/ports/freeze-store.ts'
import { freezeKey } from '../contract/keys.ts'
import { $StoredInstant, read } from '../contract/rows.ts'
import { toInstant } from '../domain/instant.ts'
import { transact } from './dynamo-transact.ts'

const $Freeze = z.object({
  state: z.enum(['frozen', 'lifted']),
  by: z.string(),
  at: $StoredInstant,
  reason: z.string(),
})

/** The freeze in the one table: one row that says what holds now, and one for each change there was. */
export class DynamoFreezeStore implements FreezeStore {
  readonly #client: DynamoDBDocumentClient
  readonly #table: string

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client
    this.#table = table
  }

  async current(): Promise<Freeze | undefined> {
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key: freezeKey(), ConsistentRead: true }),
    )
    const row = Item && read($Freeze, Item)
    return row?.state === 'frozen' ? { by: row.by, at: row.at, reason: row.reason } : undefined
  }

  async freeze(freeze: Freeze): Promise<Freeze> {
    const written = await this.#change('frozen', freeze)
    return written ? freeze : ((await this.current()) ?? freeze)
  }

  async lift(by: string, at: Date): Promise<void> {
    await this.#change('lifted', { by, at, reason: '' })
  }

  /** Writes the change unless that is already what holds; each change is kept beside it, under its instant and a mark of its own. */
  async #change(state: 'frozen' | 'lifted', { by, at, reason }: Freeze): Promise<boolean> {
    const row = { kind: 'freeze', state, by, at: toInstant(at), reason }
    const isChange = {
      ConditionExpression: state === 'frozen' ? 'attribute_not_exists(pk) OR #state <> :frozen' : '#state = :frozen',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ':frozen': 'frozen' },
    }
    const kept = { ...freezeKey(`${toInstant(at)}#${state}#${randomUUID()}`), ...row }
    const items = [
      { Put: { TableName: this.#table, Item: { ...freezeKey(), ...row }, ...isChange } },
      { Put: { TableName: this.#table, Item: kept } },
    ]
    return (await transact(this.#client, items)) === 'written'
  }
}
