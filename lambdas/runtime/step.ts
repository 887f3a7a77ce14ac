import type { Logger } from '@aws-lambda-powertools/logger'
import middy from '@middy/core'

/** The stack around every step of the workflow: a failure is logged with its cause and thrown on, for the state machine to route. */
export function stepHandler<Output>(handler: (event: unknown) => Promise<Output>, logger: Logger) {
  return middy<unknown, Output>()
    .onError(({ error }) => {
      logger.error('the step failed', { error: error ?? undefined })
    })
    .handler(handler)
}
