import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { requestKey } from '../contract/keys.ts'
import { readRequest } from '../contract/rows.ts'
import type { Request } from '../domain/request.ts'
import { rowsAt } from './dynamo-rows-by-key.ts'

/** The requests of these ids, in the order of the ids; those that are not there are left out. */
export async function requestsOf(
  client: DynamoDBDocumentClient,
  table: string,
  ids: readonly string[],
): Promise<readonly Request[]> {
  const rows = await rowsAt(client, table, ids.map(requestKey))
  const byId = new Map(rows.map(row => readRequest(row)).map(request => [request.id, request]))
  return ids.flatMap(id => byId.get(id) ?? [])
}
