import { type AttachPolicyDeps, attachPolicy } from '../../application/attach-policy.ts'
import { $StepInput, type Attached } from '../../contract/workflow.ts'
import { toInstant } from '../../domain/instant.ts'

/** State `Attach the policy`: gives the instant the workflow waits for. */
export function createHandler(deps: AttachPolicyDeps) {
  return async (event: unknown): Promise<Attached> => {
    const { requestId, contract } = $StepInput.parse(event)
    const { notAfter } = await attachPolicy(deps, requestId)
    return { requestId, contract, notAfter: toInstant(notAfter) }
  }
}
