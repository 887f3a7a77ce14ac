import type { Logger } from '@aws-lambda-powertools/logger'
import { type AskApproversDeps, askApprovers } from '../../application/ask-approvers.ts'
import { $AskInput } from '../../contract/workflow.ts'
import { TokenNotKeptError } from '../../domain/errors.ts'

/**
 * State `Ask the approvers`: mails the links and leaves; the answer comes back through the task token. A later mail that fails is
 * logged and no more: the request can still be answered by the links of the mail before, and the ladder looks after an escalation.
 */
export function createHandler(deps: AskApproversDeps, logger: Pick<Logger, 'error'>) {
  return async (event: unknown) => {
    const { requestId, taskToken, ask } = $AskInput.parse(event)
    try {
      const asked = await askApprovers(deps, { requestId, taskToken, ask })
      if (asked.outcome === 'asked' && asked.wakeFailure !== undefined) {
        logger.error('the workflow could not be woken', { requestId, cause: asked.wakeFailure })
      }
      return asked
    } catch (error) {
      if (ask.rung === 0 || error instanceof TokenNotKeptError) throw error
      logger.error('the reminder failed', { requestId, cause: error })
      return { outcome: 'reminder-failed' } as const
    }
  }
}
