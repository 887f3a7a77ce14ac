import { own } from '../domain/access-file.ts'
import type { Principal } from '../domain/request.ts'
import { type RequestAccessDeps, type RequestOutcome, requestAccess } from './request-access.ts'

/** An ask for more of what somebody has. */
export interface Extension {
  readonly requester: string
  readonly principal: Principal
  readonly durationSeconds?: number | undefined
  readonly reason: string
  readonly ticket?: string | undefined
  /** Address the ask came from. */
  readonly from?: string | undefined
  readonly idempotencyKey?: string | undefined
}

export type ExtensionOutcome = RequestOutcome | { readonly outcome: 'unknown-request' }

/**
 * Asks for the same again, to begin when the grant in force ends: a new request, judged like any other and linked to the old one.
 *
 * Invariant: no grant is ever lengthened. The old one ends when it was to end, whatever becomes of the new one.
 */
export async function extendAccess(
  deps: RequestAccessDeps,
  requestId: string,
  { durationSeconds, ...extension }: Extension,
): Promise<ExtensionOutcome> {
  const old = await deps.store.find(requestId)
  if (old?.requester !== extension.requester) return { outcome: 'unknown-request' }
  const { entitlement, parameters, grant, status } = old
  if (!grant || !own(deps.access.entitlements, entitlement)) return { outcome: 'not-active', status }
  const ask = { entitlement, parameters, durationSeconds, earliestStart: grant.notAfter, extends: requestId }
  return requestAccess(deps, { ...extension, ask })
}
