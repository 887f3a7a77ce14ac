import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { requestKey } from '../contract/keys.ts'
import { readRequest } from '../contract/rows.ts'
import type { Request } from '../domain/request.ts'

/** The requests of these ids, in the order of the ids; those that are not there are left out. */
export async function requestsOf(
  client: DynamoDBDocumentClient,
  table: string,
  ids: readonly string[],
): Promise<readonly Request[]> {
  const rows: Record<string, unknown>[] = []
  let keys: Record<string, unknown>[] = ids.map(requestKey)
  while (keys.length > 0) {
    const batch = keys.slice(0, 100)
    const answer = await client.send(
      new BatchGetCommand({ RequestItems: { [table]: { Keys: batch, ConsistentRead: true } } }),
    )
    rows.push(...(answer.Responses?.[table] ?? []))
    keys = [...(answer.UnprocessedKeys?.[table]?.Keys ?? []), ...keys.slice(100)]
  }
  const byId = new Map(rows.map(row => readRequest(row)).map(request => [request.id, request]))
  return ids.flatMap(id => byId.get(id) ?? [])
}
