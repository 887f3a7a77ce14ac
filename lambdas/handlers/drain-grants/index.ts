import { setTimeout } from 'node:timers/promises'
import { SFNClient } from '@aws-sdk/client-sfn'
import { access } from '#access'
import { closing } from '../../adapters/closing.ts'
import { dynamoClient } from '../../adapters/dynamo-client.ts'
import { DynamoTaskTokenStore } from '../../adapters/dynamo-task-token-store.ts'
import { SfnAnswers } from '../../adapters/sfn-workflow.ts'
import { answerStack } from '../../adapters/stack-answer.ts'
import { readEnv } from '../../runtime/env.ts'
import { createLogger } from '../../runtime/logger.ts'
import { stepHandler } from '../../runtime/step.ts'
import { $Env } from './env.ts'
import { createHandler } from './handler.ts'

const PAUSE_MS = 3000
const env = readEnv($Env)
const client = dynamoClient()
const deps = {
  ...closing(access, client, env),
  taskTokens: new DynamoTaskTokenStore(client, env.TABLE_NAME),
  workflow: new SfnAnswers(new SFNClient({})),
  pause: () => setTimeout(PAUSE_MS),
  answerStack,
}
const logger = createLogger('drain-grants')

export const handler = stepHandler(createHandler(deps, logger), logger)
