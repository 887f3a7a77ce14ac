import { setTimeout } from 'node:timers/promises'
import { access } from '#access'
import { closing } from '../../adapters/closing.ts'
import { dynamoClient } from '../../adapters/dynamo-client.ts'
import { answerStack } from '../../adapters/stack-answer.ts'
import { waking } from '../../adapters/waking.ts'
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
  ...waking(client, env.TABLE_NAME),
  pause: () => setTimeout(PAUSE_MS),
  answerStack,
}
const logger = createLogger('drain-grants')

export const handler = stepHandler(createHandler(deps, logger), logger)
