import { type EndGrantDeps, endGrant } from '../../application/end-grant.ts'
import { $DetachInput } from '../../contract/workflow.ts'

const REVOKER = { service: 'revoker' }

/** State `Detach the policy`: returns only when IAM has confirmed that the policy is gone. */
export function createHandler(deps: EndGrantDeps) {
  return async (event: unknown) => {
    const { requestId, contract, retryCount } = $DetachInput.parse(event)
    const { outcome, request } = await endGrant(deps, requestId, { by: REVOKER, isRetry: retryCount > 0 })
    return { requestId, contract, outcome, status: request.status }
  }
}
