import { type AskApproversDeps, askApprovers } from '../../application/ask-approvers.ts'
import { $AskInput } from '../../contract/workflow.ts'

/** State `Ask the approvers`: mails the links and leaves; the answer comes back through the task token. */
export function createHandler(deps: AskApproversDeps) {
  return async (event: unknown) => {
    const { requestId, taskToken, ask } = $AskInput.parse(event)
    return askApprovers(deps, { requestId, taskToken, rung: ask.rung })
  }
}
