import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod/mini'
import type { FindingQuery } from '../application/ports/finding-store.ts'
import { InvalidCursorError } from '../application/ports/request-store.ts'
import { readFinding } from '../contract/finding-row.ts'
import { BY_MONTH, BY_OPEN, FINDINGS_OPEN, findingKey, findingsOf } from '../contract/keys.ts'
import { read } from '../contract/rows.ts'
import type { Finding } from '../domain/findings/finding.ts'
import { monthBefore, monthOf } from '../domain/period.ts'
import { rowsAt } from './dynamo-rows-by-key.ts'

const $IndexRow = z.object({ id: z.string() })
/** How far back closed findings are listed where nobody says: months, that of the last page included. */
const MOST_MONTHS = 24
/** Sorts after every ULID. */
const HIGHEST_ID = 'Z'.repeat(26)

interface Page {
  readonly findings: readonly Finding[]
  readonly next?: string | undefined
}

/** One page of findings, newest first: ids from an index, the findings themselves by key, as they are now. */
export async function pageOfFindings(
  client: DynamoDBDocumentClient,
  table: string,
  { state, limit, after, since }: FindingQuery,
): Promise<Page> {
  const last = after === undefined ? undefined : (await findingsByIds(client, table, [after]))[0]
  if (after !== undefined && !last) throw new InvalidCursorError(`there is no finding ${after}`)
  const found: Finding[] = []
  for (const partition of partitionsOf({ state, since }, last)) {
    let before = after ?? HIGHEST_ID
    for (let isMore = true; isMore && found.length <= limit; ) {
      const page = await idsBefore(client, table, partition, before)
      const findings = await findingsByIds(client, table, page.ids)
      found.push(...findings.filter(({ closed }) => (closed ? 'closed' : 'open') === state))
      before = page.ids.at(-1) ?? before
      isMore = page.isMore
    }
    if (found.length > limit) break
  }
  const findings = found.slice(0, limit)
  return { findings, ...(found.length > limit && { next: findings.at(-1)?.id }) }
}

interface Partition {
  readonly index: typeof BY_OPEN | typeof BY_MONTH
  readonly attribute: 'open' | 'month'
  readonly value: string
}

/** Where to look, in order: what is open is in one place, what is closed lies by the month in which it was opened. */
function partitionsOf(
  { state, since }: Pick<FindingQuery, 'state' | 'since'>,
  last: Finding | undefined,
): readonly Partition[] {
  if (state === 'open') return [{ index: BY_OPEN, attribute: 'open', value: FINDINGS_OPEN }]
  const months = [monthOf(last?.openedAt ?? new Date())]
  const isMore = (month: string) => (since ? month > monthOf(since) : months.length < MOST_MONTHS)
  for (let month = months[0] ?? ''; isMore(month); ) {
    month = monthBefore(month)
    months.push(month)
  }
  return months.map(month => ({ index: BY_MONTH, attribute: 'month', value: findingsOf(month) }))
}

const PAGE_SIZE = 100

async function idsBefore(
  client: DynamoDBDocumentClient,
  table: string,
  { index, attribute, value }: Partition,
  id: string,
): Promise<{ readonly ids: readonly string[]; readonly isMore: boolean }> {
  const { Items = [], LastEvaluatedKey } = await client.send(
    new QueryCommand({
      TableName: table,
      IndexName: index,
      KeyConditionExpression: '#value = :value AND id < :id',
      ExpressionAttributeNames: { '#value': attribute },
      ExpressionAttributeValues: { ':value': value, ':id': id },
      ScanIndexForward: false,
      Limit: PAGE_SIZE,
    }),
  )
  return { ids: Items.map(row => read($IndexRow, row).id), isMore: LastEvaluatedKey !== undefined }
}

/** In the order of the ids; those that are not there are left out. */
async function findingsByIds(
  client: DynamoDBDocumentClient,
  table: string,
  ids: readonly string[],
): Promise<readonly Finding[]> {
  const rows = await rowsAt(client, table, ids.map(findingKey))
  const byId = new Map(rows.map(readFinding).map(finding => [finding.id, finding]))
  return ids.flatMap(id => byId.get(id) ?? [])
}
