import type { EndCause, Request, Status } from '../domain/request.ts'
import { type EndGrantDeps, endGrant } from './end-grant.ts'

export type EarlyEnd =
  | { readonly outcome: 'ended'; readonly request: Request }
  /** There is no grant to end; a pending request is cancelled instead. */
  | { readonly outcome: 'no-grant'; readonly status: Status }

export interface EarlyOrder {
  /** Person id. */
  readonly by: string
  readonly cause: Extract<EndCause, 'returned' | 'revoked'>
  readonly reason?: string | undefined
}

/**
 * Ends a grant before its time, at once, whatever state its workflow is in. The execution is left alone: it wakes at the planned
 * end and finds the grant gone, and that look is the check that nothing came back.
 */
export async function endEarly(
  deps: EndGrantDeps,
  request: Request,
  { by, cause, reason }: EarlyOrder,
): Promise<EarlyEnd> {
  if (request.status !== 'ACTIVE' && request.status !== 'APPROVED')
    return { outcome: 'no-grant', status: request.status }
  const ended = await endGrant(deps, request.id, { by: { person: by }, cause, reason, isRetry: false })
  return ended.outcome === 'ended' ? ended : { outcome: 'no-grant', status: ended.request.status }
}
