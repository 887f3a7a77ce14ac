import { SFNClient } from '@aws-sdk/client-sfn'
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { DynamoTaskTokenStore } from './dynamo-task-token-store.ts'
import { SfnAnswers } from './sfn-workflow.ts'

/** What a function that answers a waiting execution is given. */
export function waking(client: DynamoDBDocumentClient, table: string) {
  return { taskTokens: new DynamoTaskTokenStore(client, table), workflow: new SfnAnswers(new SFNClient({})) }
}
