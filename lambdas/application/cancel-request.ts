import { cancel } from '../domain/lifecycle.ts'
import type { Request, Status } from '../domain/request.ts'
import type { Clock } from './ports/chance.ts'
import type { RequestStore } from './ports/request-store.ts'
import type { TaskTokenStore, WorkflowAnswers } from './ports/workflow.ts'
import { advance } from './record.ts'

export interface CancelRequestDeps {
  readonly store: RequestStore
  readonly taskTokens: TaskTokenStore
  readonly workflow: WorkflowAnswers
  readonly clock: Clock
}

export type Cancellation =
  | { readonly outcome: 'cancelled'; readonly request: Request }
  | { readonly outcome: 'too-late'; readonly status: Status }

/** Takes a pending request back. The links die with it, because they open only pending requests. */
export async function cancelRequest(deps: CancelRequestDeps, requestId: string, by: string): Promise<Cancellation> {
  const { store, taskTokens, workflow, clock } = deps
  const at = clock.now()
  const cancelled = await advance(store, requestId, request =>
    request.status === 'PENDING' ? cancel(request, by, at) : { stop: request.status },
  )
  if (cancelled.outcome === 'stopped') return { outcome: 'too-late', status: cancelled.stop }
  const taskToken = await taskTokens.find(requestId)
  if (taskToken) await workflow.close(taskToken, 'CANCELLED')
  return { outcome: 'cancelled', request: cancelled.transition.to }
}
