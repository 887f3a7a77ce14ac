import { peopleOf } from '../domain/access-file.ts'
import { closeDebt, type DebtClosing } from '../domain/debt.ts'
import type { DebtVerdict, Request } from '../domain/request.ts'
import type { Message } from './ports/announcer.ts'
import { advance } from './record.ts'
import { type Telling, tell } from './tell.ts'

/** What a reviewer says of an emergency. */
export interface Verdict {
  /** Person id. */
  readonly by: string
  readonly verdict: DebtVerdict
  readonly comment: string
}

export type DebtReviewed =
  | { readonly outcome: 'closed'; readonly request: Request }
  | Extract<DebtClosing, { readonly outcome: 'refused' }>

/**
 * Closes the review an emergency owes: event, request and the debt of the requester in one transaction. Then the requester and the
 * administrators are told.
 */
export async function closeDebtOf(deps: Telling, requestId: string, verdict: Verdict): Promise<DebtReviewed> {
  const at = deps.clock.now()
  const closed = await advance(deps.store, requestId, request => {
    const closing = closeDebt(deps.access, request, { ...verdict, at })
    return closing.outcome === 'closed' ? closing.transition : { stop: closing }
  })
  if (closed.outcome === 'stopped') return closed.stop
  const request = closed.transition.to
  const { access } = deps
  const told = peopleOf(access, [request.requester, ...access.admins])
  await tell(
    deps,
    requestId,
    told.map((to): Message => ({ kind: 'debt-closed', to, request })),
  )
  return { outcome: 'closed', request }
}
