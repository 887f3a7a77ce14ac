import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { FindingWatcher, type NoticeFindingsDeps } from '../application/notice-findings.ts'
import type { Watcher } from '../application/watch-event.ts'
import { DynamoFindingStore } from './dynamo-finding-store.ts'
import { RandomIds } from './system-chance.ts'

/** Who compares new events with what is known of people. */
export function noticing(
  deps: Omit<NoticeFindingsDeps, 'findings' | 'ids'>,
  client: DynamoDBDocumentClient,
  table: string,
): Watcher {
  return new FindingWatcher({ ...deps, findings: new DynamoFindingStore(client, table), ids: new RandomIds() })
}
