import type { Logger } from '@aws-lambda-powertools/logger'
import { type AskApproversDeps, askApprovers } from '../../application/ask-approvers.ts'
import { $AskInput } from '../../contract/workflow.ts'
import { TokenNotKeptError } from '../../domain/errors.ts'

/**
 * State `Ask the approvers`: mails the links and leaves; the answer comes back through the task token. A reminder that fails is
 * logged and no more: the request can still be answered by the links of the mail before.
 */
export function createHandler(deps: AskApproversDeps, logger: Pick<Logger, 'error'>) {
  return async (event: unknown) => {
    const { requestId, taskToken, ask } = $AskInput.parse(event)
    try {
      return await askApprovers(deps, { requestId, taskToken, rung: ask.rung })
    } catch (error) {
      if (ask.rung === 0 || error instanceof TokenNotKeptError) throw error
      logger.error('the reminder failed', { requestId, cause: error })
      return { outcome: 'reminder-failed' } as const
    }
  }
}
