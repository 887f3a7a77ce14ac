import { type EndGrantDeps, endGrant } from '../../application/end-grant.ts'
import { $StepInput } from '../../contract/workflow.ts'

/** State `Detach the policy`: returns only when IAM has confirmed that the policy is gone. */
export function createHandler(deps: EndGrantDeps) {
  return async (event: unknown) => {
    const { requestId, contract } = $StepInput.parse(event)
    const { outcome, request } = await endGrant(deps, requestId)
    return { requestId, contract, outcome, status: request.status }
  }
}
