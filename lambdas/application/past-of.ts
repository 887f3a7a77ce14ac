import { type AccessFile, own } from '../domain/access-file.ts'
import type { Past } from '../domain/past.ts'
import { isCounted, seenAgain, stillCounting, type Use, type Uses } from '../domain/uses.ts'
import type { RequestStore } from './ports/request-store.ts'

export type PastSource = Pick<RequestStore, 'find' | 'usesOf' | 'openDebtOf'>

/** What a person has had of late, if anything is counted for the entitlement of that id. */
export async function countedPast(
  { access, store }: { readonly access: AccessFile; readonly store: PastSource },
  person: string,
  entitlementId: string,
  now: Date,
): Promise<(Past & Uses) | undefined> {
  const entitlement = own(access.entitlements, entitlementId)
  return entitlement && isCounted(entitlement) ? pastOf(store, person, now) : undefined
}

/**
 * What a person has had of late: their row, with what was open when it was written looked at again. What ended without a grant drops
 * out. The version is that of the row, for whoever writes it anew.
 */
export async function pastOf(store: PastSource, person: string, now: Date): Promise<Past & Uses> {
  const [row, openDebt] = await Promise.all([store.usesOf(person), store.openDebtOf(person)])
  const seen = await Promise.all(row.uses.map(use => (use.isOpen ? lookAgain(store, use) : use)))
  const uses = stillCounting(
    seen.filter(use => use !== undefined),
    now,
  )
  return { version: row.version, uses, openDebt }
}

async function lookAgain(store: PastSource, use: Use): Promise<Use | undefined> {
  const request = await store.find(use.requestId)
  return request ? seenAgain(use, request) : use
}
