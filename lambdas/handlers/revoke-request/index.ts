import { access } from '#access'
import { dynamoClient } from '../../adapters/dynamo-client.ts'
import { removing } from '../../adapters/removing.ts'
import { apiHandler } from '../../runtime/api.ts'
import { readEnv } from '../../runtime/env.ts'
import { createLogger } from '../../runtime/logger.ts'
import { $Env } from './env.ts'
import { createHandler } from './handler.ts'

const deps = removing(access, dynamoClient(), readEnv($Env))

export const handler = apiHandler(createHandler(deps), createLogger('revoke-request'))
