import { type AccessFile, own } from '../domain/access-file.ts'
import { toIsoDuration } from '../domain/duration.ts'
import { note } from '../domain/lifecycle.ts'
import type { Request } from '../domain/request.ts'
import { type Uses, useOf } from '../domain/uses.ts'
import type { Along } from './ports/request-store.ts'

/** The count of the requester with this request, where it matters, and the event of the request whose grant it prolongs. */
export function writtenAlong(
  access: AccessFile,
  request: Request,
  { past, prolonged }: { readonly past: Uses | undefined; readonly prolonged: Request | undefined },
): Along {
  const { id, entitlement, automatic, isBreakGlass, requester, askedAt: at, durationSeconds } = request
  const hasCaps = own(access.entitlements, entitlement)?.caps !== undefined
  const counts = past && (hasCaps || automatic !== undefined || isBreakGlass)
  const details = { extension: id, duration: toIsoDuration(durationSeconds) }
  return {
    ...(counts && { uses: { version: past.version, uses: [...past.uses, useOf(request)] } }),
    ...(prolonged && {
      step: note(prolonged, { type: 'extension-asked', at, actor: { person: requester }, details }),
    }),
  }
}

/** Whether a grant can be prolonged: it is in force, and nobody has ordered its end. */
export function isInForce({ status, endOrder }: Request): boolean {
  return status === 'ACTIVE' && !endOrder
}
