import type { Logger } from '@aws-lambda-powertools/logger'
import middy from '@middy/core'
import { PAGE_HEADERS } from '../pages/headers.ts'
import { OUTCOME_STATUS, outcomePage } from '../pages/outcome-page.ts'
import type { ApiAnswer, ApiEvent } from './api.ts'
import { ProblemError } from './problem.ts'

/** The stack around the pages behind links: whatever goes wrong, a person gets a page. The path, which holds the token, is never logged. */
export function pageHandler(handler: (event: ApiEvent) => Promise<ApiAnswer>, logger: Logger) {
  return middy<ApiEvent, ApiAnswer>()
    .onError(request => {
      const apiRequestId = request.event.requestContext.requestId
      if (request.error instanceof ProblemError) {
        const { status } = request.error.problem
        request.response = { statusCode: status, headers: PAGE_HEADERS, body: outcomePage({ outcome: 'bad-form' }) }
        return
      }
      logger.error('the page failed', { apiRequestId, error: request.error ?? undefined })
      const body = outcomePage({ outcome: 'broken', requestId: apiRequestId })
      request.response = { statusCode: OUTCOME_STATUS.broken, headers: PAGE_HEADERS, body }
    })
    .handler(handler)
}
