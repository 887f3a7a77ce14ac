import { access } from '#access'
import { dynamoClient } from '../../adapters/dynamo-client.ts'
import { removing } from '../../adapters/removing.ts'
import { readEnv } from '../../runtime/env.ts'
import { createLogger } from '../../runtime/logger.ts'
import { stepHandler } from '../../runtime/step.ts'
import { $Env } from './env.ts'
import { createHandler } from './handler.ts'

const deps = removing(access, dynamoClient(), readEnv($Env))

export const handler = stepHandler(createHandler(deps), createLogger('detach-policy'))
