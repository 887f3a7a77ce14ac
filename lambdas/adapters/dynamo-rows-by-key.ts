import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'

/** DynamoDB reads this many at once. */
const MOST_AT_ONCE = 100

/** The rows at these keys as they are now, in no order; those that are not there are left out. */
export async function rowsAt(
  client: DynamoDBDocumentClient,
  table: string,
  keys: readonly Record<string, unknown>[],
): Promise<readonly unknown[]> {
  const rows: unknown[] = []
  let left = keys
  while (left.length > 0) {
    const Keys = left.slice(0, MOST_AT_ONCE)
    const answer = await client.send(new BatchGetCommand({ RequestItems: { [table]: { Keys, ConsistentRead: true } } }))
    rows.push(...(answer.Responses?.[table] ?? []))
    left = [...(answer.UnprocessedKeys?.[table]?.Keys ?? []), ...left.slice(MOST_AT_ONCE)]
  }
  return rows
}
