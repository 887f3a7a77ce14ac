import { Console } from 'node:console'
import { Writable } from 'node:stream'
import type { Logger } from '@aws-lambda-powertools/logger'
import { createHandler as cancelRequest } from '../../lambdas/handlers/cancel-request/handler.ts'
import { createHandler as closeFinding } from '../../lambdas/handlers/close-finding/handler.ts'
import { createHandler as createRequest } from '../../lambdas/handlers/create-request/handler.ts'
import { createHandler as decideByLink } from '../../lambdas/handlers/decide-by-link/handler.ts'
import { createHandler as decideRequest } from '../../lambdas/handlers/decide-request/handler.ts'
import { createHandler as endRequest } from '../../lambdas/handlers/end-request/handler.ts'
import { createHandler as extendRequest } from '../../lambdas/handlers/extend-request/handler.ts'
import { createHandler as freezeAccess } from '../../lambdas/handlers/freeze-access/handler.ts'
import { createHandler as listEntitlements } from '../../lambdas/handlers/list-entitlements/handler.ts'
import { createHandler as listFindings } from '../../lambdas/handlers/list-findings/handler.ts'
import { createHandler as listRequests } from '../../lambdas/handlers/list-requests/handler.ts'
import { createHandler as previewRequest } from '../../lambdas/handlers/preview-request/handler.ts'
import { createHandler as readRequest } from '../../lambdas/handlers/read-request/handler.ts'
import { createHandler as reviewRequest } from '../../lambdas/handlers/review-request/handler.ts'
import { createHandler as revokeRequest } from '../../lambdas/handlers/revoke-request/handler.ts'
import { type ApiAnswer, type ApiEvent, apiHandler } from '../../lambdas/runtime/api.ts'
import { createLogger } from '../../lambdas/runtime/logger.ts'
import { pageHandler } from '../../lambdas/runtime/page.ts'
import { aCall, aSignedCall, type CallOverrides } from '../support/api-event.ts'
import type { World } from '../support/world.ts'

export interface Answer {
  readonly status: number
  readonly headers: NonNullable<ApiAnswer['headers']>
  /** Its JSON, or nothing for a page. */
  readonly body: Readonly<Record<string, unknown>>
  readonly text: string
}

/** The routes of the API as they are deployed, on the fakes of a world. Log lines go to `lines`. */
export function routesOf(world: World) {
  const lines: string[] = []
  const logger = loggerInto(lines)
  const over = (handler: (event: ApiEvent) => Promise<ApiAnswer>) => routeOver(handler, logger)
  return {
    lines,
    create: over(createRequest(world.deps)),
    preview: over(previewRequest(world.deps)),
    read: over(readRequest(world.deps)),
    list: over(listRequests(world.deps)),
    cancel: over(cancelRequest(world.deps, logger)),
    end: over(endRequest(world.deps)),
    extend: over(extendRequest(world.deps)),
    review: over(reviewRequest(world.deps)),
    revoke: over(revokeRequest(world.deps)),
    freeze: over(freezeAccess(world.deps)),
    entitlements: over(listEntitlements(world.deps)),
    findings: over(listFindings(world.deps)),
    closeFinding: over(closeFinding(world.deps, logger)),
    sign: over(decideRequest(world.deps, logger)),
    decide: runnable(pageHandler(decideByLink(world.deps, logger), logger)),
  }
}

export type Route = ReturnType<typeof routesOf>['create']

/** One signed route. */
export function routeOver(handler: (event: ApiEvent) => Promise<ApiAnswer>, logger: Logger) {
  return runnable(apiHandler(handler, logger))
}

/** A logger that writes into an array what would go to CloudWatch. */
export function loggerInto(lines: string[]): Logger {
  const logger = createLogger('test')
  const sink = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk))
      done()
    },
  })
  Object.assign(logger, { console: new Console({ stdout: sink, stderr: sink }) })
  return logger
}

function runnable(handler: unknown) {
  return async (call: CallOverrides & { readonly isUnsigned?: boolean } = {}): Promise<Answer> => {
    const event = call.isUnsigned ? aCall(call) : aSignedCall(call)
    if (typeof handler !== 'function') throw new Error('no handler')
    const answer: ApiAnswer = await handler(event, { getRemainingTimeInMillis: () => 3000 })
    const type = String(answer.headers?.['content-type'])
    return {
      status: answer.statusCode,
      headers: answer.headers ?? {},
      body: type.includes('json') ? JSON.parse(answer.body) : {},
      text: answer.body,
    }
  }
}
