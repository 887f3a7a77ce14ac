import { type DynamoDBDocumentClient, GetCommand, paginateQuery } from '@aws-sdk/lib-dynamodb'
import type { LeaseStore } from '../application/ports/lease-store.ts'
import { LEASES, leaseKey } from '../contract/keys.ts'
import { leaseRow, readLease } from '../contract/lease-row.ts'
import type { Lease } from '../domain/lease.ts'
import { transact } from './dynamo-transact.ts'

/** The leases in the one table, all in one partition: there are few, and the sweep reads them as they are now. */
export class DynamoLeaseStore implements LeaseStore {
  readonly #client: DynamoDBDocumentClient
  readonly #table: string

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client
    this.#table = table
  }

  async find(principalArn: string, policyArn: string): Promise<Lease | undefined> {
    const Key = leaseKey(principalArn, policyArn)
    const { Item } = await this.#client.send(new GetCommand({ TableName: this.#table, Key, ConsistentRead: true }))
    return Item && readLease(Item)
  }

  /**
   *   first:    the row is not there
   *   follows:  its version is the one that was read
   */
  async write(lease: Lease): Promise<'won' | 'lost'> {
    const isFirst = lease.version === 1
    const follows = {
      ConditionExpression: '#version = :read',
      ExpressionAttributeNames: { '#version': 'version' },
      ExpressionAttributeValues: { ':read': lease.version - 1 },
    }
    const condition = isFirst ? { ConditionExpression: 'attribute_not_exists(pk)' } : follows
    const items = [{ Put: { TableName: this.#table, Item: leaseRow(lease), ...condition } }]
    return (await transact(this.#client, items)) === 'written' ? 'won' : 'lost'
  }

  async *unsettled(): AsyncIterable<Lease> {
    const pages = paginateQuery(
      { client: this.#client, pageSize: 100 },
      {
        TableName: this.#table,
        KeyConditionExpression: 'pk = :leases',
        ExpressionAttributeValues: { ':leases': LEASES },
        ConsistentRead: true,
      },
    )
    for await (const { Items = [] } of pages) yield* Items.map(readLease).filter(({ isFree }) => !isFree)
  }
}
