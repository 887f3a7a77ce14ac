import { type IssuePolicyDeps, issuePolicy } from '../../application/issue-policy.ts'
import { $StepInput, type StepInput } from '../../contract/workflow.ts'

/** State `Issue the policy`. */
export function createHandler(deps: IssuePolicyDeps) {
  return async (event: unknown): Promise<StepInput> => {
    const { requestId, contract } = $StepInput.parse(event)
    await issuePolicy(deps, requestId)
    return { requestId, contract }
  }
}
