import type { Logger } from '@aws-lambda-powertools/logger'
import middy from '@middy/core'
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda'
import { ProblemError, problemResult } from './problem.ts'

export type ApiEvent = Pick<
  APIGatewayProxyEvent,
  'httpMethod' | 'headers' | 'body' | 'isBase64Encoded' | 'pathParameters' | 'queryStringParameters' | 'requestContext'
>

export type ApiAnswer = Pick<APIGatewayProxyResult, 'statusCode' | 'headers' | 'body'>

/**
 * The stack around every handler of an API route: a `ProblemError` becomes its answer, anything else is logged with its cause and
 * answered 500 with the request's id and nothing of what happened inside.
 */
export function apiHandler(handler: (event: ApiEvent) => Promise<ApiAnswer>, logger: Logger) {
  return middy<ApiEvent, ApiAnswer>()
    .before(({ event }) => logger.appendKeys({ apiRequestId: event.requestContext.requestId }))
    .onError(request => {
      if (request.error instanceof ProblemError) {
        request.response = problemResult(request.error.problem)
        return
      }
      const apiRequestId = request.event.requestContext.requestId
      logger.error('the handler failed', { error: request.error ?? undefined })
      const detail = `Nothing is known to have changed. Try again; if it stays, name request ${apiRequestId} to your administrator.`
      request.response = problemResult({ status: 500, code: 'internal', title: 'Something broke', detail })
    })
    .handler(handler)
}

/** A JSON answer. */
export function json(statusCode: number, body: unknown): ApiAnswer {
  return {
    statusCode,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: JSON.stringify(body),
  }
}
