import { own } from '../domain/access-file.ts'
import { cancel } from '../domain/lifecycle.ts'
import type { Request, Status } from '../domain/request.ts'
import type { Message } from './ports/announcer.ts'
import { advance } from './record.ts'
import { type Telling, tell } from './tell.ts'
import { type WakeDeps, wake } from './wake.ts'

export interface CancelRequestDeps extends Telling, WakeDeps {}

export type Cancellation =
  /** `wakeFailure`: why the execution could not be told, if it could not; it sees for itself when its wait runs out. */
  | { readonly outcome: 'cancelled'; readonly request: Request; readonly wakeFailure?: unknown }
  | { readonly outcome: 'too-late'; readonly status: Status }

/** Takes a pending request back. The links die with it, because they open only pending requests, and
 * those who were asked are told that no answer is needed. */
export async function cancelRequest(deps: CancelRequestDeps, requestId: string, by: string): Promise<Cancellation> {
  const { store, clock } = deps
  const at = clock.now()
  const cancelled = await advance(store, requestId, request =>
    request.status === 'PENDING' ? cancel(request, by, at) : { stop: request.status },
  )
  if (cancelled.outcome === 'stopped') return { outcome: 'too-late', status: cancelled.stop }
  const request = cancelled.transition.to
  const wakeFailure = await wake(deps, request)
  const asked = new Set(request.stages.flatMap(({ approvers }) => approvers))
  const messages = [...asked]
    .flatMap(id => own(deps.access.people, id) ?? [])
    .map((to): Message => ({ kind: 'cancelled', to, request, at }))
  await tell(deps, requestId, messages)
  return { outcome: 'cancelled', request, wakeFailure }
}
