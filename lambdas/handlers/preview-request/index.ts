import { access } from '#access'
import { SystemClock } from '../../adapters/system-chance.ts'
import { apiHandler } from '../../runtime/api.ts'
import { createLogger } from '../../runtime/logger.ts'
import { createHandler } from './handler.ts'

export const handler = apiHandler(createHandler({ access, clock: new SystemClock() }), createLogger('preview-request'))
