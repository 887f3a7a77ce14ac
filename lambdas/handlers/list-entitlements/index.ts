import { access } from '#access'
import { apiHandler } from '../../runtime/api.ts'
import { createLogger } from '../../runtime/logger.ts'
import { createHandler } from './handler.ts'

export const handler = apiHandler(createHandler({ access }), createLogger('list-entitlements'))
