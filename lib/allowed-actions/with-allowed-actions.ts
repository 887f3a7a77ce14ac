import type { AccessFile } from '../../lambdas/domain/access-file.ts'
import { allowedActions } from './allowed-actions.ts'

/** The access file with what its statements allow worked out. Derived, so it is no part of the hash: a newer reference changes no request. */
export function withAllowedActions(access: AccessFile): AccessFile {
  const entitlements = Object.entries(access.entitlements).map(([id, entitlement]) => [
    id,
    { ...entitlement, allows: allowedActions(entitlement.statements) },
  ])
  return { ...access, entitlements: Object.fromEntries(entitlements) }
}
