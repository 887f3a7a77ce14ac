import type { Logger } from '@aws-lambda-powertools/logger'
import middy from '@middy/core'
import { withoutSecrets } from './logger.ts'

/**
 * The stack around every step of the workflow: a failure is logged with its cause and thrown on, for the state machine to route. Lambda
 * writes what is thrown into the log by itself, and Step Functions into the history, so it is thrown without secrets.
 */
export function stepHandler<Output>(handler: (event: unknown) => Promise<Output>, logger: Logger) {
  return middy<unknown, Output>()
    .onError(({ error }) => {
      logger.error('the step failed', { error: error ?? undefined })
      if (error) blotOut(error)
    })
    .handler(handler)
}

/** In place, because the error's class and name are what the state machine routes by. */
function blotOut(error: Error): void {
  const { message, stack = '' } = error
  const settings = { configurable: true, writable: true, enumerable: false }
  Object.defineProperties(error, {
    message: { ...settings, value: withoutSecrets(message) },
    stack: { ...settings, value: withoutSecrets(stack) },
  })
}
