import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod/mini'
import { InvalidCursorError, type RequestPage, type RequestQuery } from '../application/ports/request-store.ts'
import { BY_MONTH, BY_REQUESTER } from '../contract/keys.ts'
import { read } from '../contract/rows.ts'
import { monthOf } from '../domain/period.ts'
import type { Request } from '../domain/request.ts'
import { requestsOf } from './dynamo-requests-by-id.ts'

const $IndexRow = z.object({ id: z.string() })
const $Cursor = z.object({
  id: z.string().check(z.regex(/^[0-9A-HJKMNP-TV-Z]{26}$/)),
  month: z.string().check(z.regex(/^\d{4}-(?:0[1-9]|1[0-2])$/)),
})
/** A house without a single request for this long has none further back. */
const MOST_EMPTY_MONTHS = 15
/** Rows read for one page at the most; a filter that fits nothing must not read the whole table. */
const MOST_READ = 1000

/** One page of requests, newest first: ids from an index, the requests themselves by key. */
export async function pageOfRequests(
  client: DynamoDBDocumentClient,
  table: string,
  query: RequestQuery,
): Promise<RequestPage> {
  const { limit, status, entitlement } = query
  const fits = (request: Request) =>
    (!status || request.status === status) && (!entitlement || request.entitlement === entitlement)
  const found: Request[] = []
  let position = query.cursor === undefined ? undefined : readCursor(query.cursor)
  for (let readSoFar = 0; readSoFar < MOST_READ; ) {
    const { ids, next } = await pageOfIds(client, table, query, position)
    readSoFar += ids.length
    for (const request of await requestsOf(client, table, ids)) {
      if (fits(request)) found.push(request)
      if (found.length === limit) return { requests: found, cursor: cursorOf(request) }
    }
    if (!next) return { requests: found }
    position = next
  }
  return { requests: found, ...(position && { cursor: encode(position) }) }
}

type Position = z.output<typeof $Cursor>
interface Ids {
  readonly ids: readonly string[]
  /** Where to go on, or nothing when there is no more. */
  readonly next?: Position | undefined
}

async function pageOfIds(
  client: DynamoDBDocumentClient,
  table: string,
  query: RequestQuery,
  position?: Position,
): Promise<Ids> {
  if (query.requester !== undefined)
    return idsBefore(
      client,
      table,
      { name: BY_REQUESTER, attribute: 'requester', value: query.requester },
      query.limit,
      position,
    )
  let at = position
  for (let empty = 0; empty < MOST_EMPTY_MONTHS; empty += 1) {
    const month: string = at?.month ?? monthOf(new Date())
    const page = await idsBefore(client, table, { name: BY_MONTH, attribute: 'month', value: month }, query.limit, at)
    const earlier = { id: HIGHEST_ID, month: monthBefore(month) }
    if (page.ids.length > 0) return { ids: page.ids, next: page.next ?? earlier }
    at = earlier
  }
  return { ids: [] }
}

/** Sorts after every ULID. */
const HIGHEST_ID = 'Z'.repeat(26)

async function idsBefore(
  client: DynamoDBDocumentClient,
  table: string,
  index: { name: string; attribute: string; value: string },
  limit: number,
  position?: Position,
): Promise<Ids> {
  const { Items = [], LastEvaluatedKey } = await client.send(
    new QueryCommand({
      TableName: table,
      IndexName: index.name,
      KeyConditionExpression: '#value = :value AND id < :id',
      ExpressionAttributeNames: { '#value': index.attribute },
      ExpressionAttributeValues: { ':value': index.value, ':id': position?.id ?? HIGHEST_ID },
      ScanIndexForward: false,
      Limit: limit,
    }),
  )
  const ids = Items.map(row => read($IndexRow, row).id)
  const last = ids.at(-1)
  return {
    ids,
    next: LastEvaluatedKey && last ? { id: last, month: position?.month ?? monthOf(new Date()) } : undefined,
  }
}

function monthBefore(month: string): string {
  const date = new Date(`${month}-01T00:00:00Z`)
  return monthOf(new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - 1, 1)))
}

function cursorOf({ id, askedAt }: Request): string {
  return encode({ id, month: monthOf(askedAt) })
}

function encode(position: Position): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url')
}

function readCursor(cursor: string): Position {
  try {
    return $Cursor.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')))
  } catch (cause) {
    throw new InvalidCursorError('the cursor was not given by this list', { cause })
  }
}
