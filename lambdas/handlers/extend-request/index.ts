import { access, accessHash } from '#access'
import { asking } from '../../adapters/asking.ts'
import { apiHandler } from '../../runtime/api.ts'
import { readEnv } from '../../runtime/env.ts'
import { createLogger } from '../../runtime/logger.ts'
import { $Env } from './env.ts'
import { createHandler } from './handler.ts'

export const handler = apiHandler(
  createHandler(asking(access, accessHash, readEnv($Env))),
  createLogger('extend-request'),
)
