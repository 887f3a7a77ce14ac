import type { AccessFile } from '../domain/access-file.ts'
import type { Ask, Refused } from '../domain/evaluate.ts'
import { toInstant } from '../domain/instant.ts'
import type { Principal } from '../domain/request.ts'
import { type AsIsDeps, asIsRefusal } from './as-is-refusal.ts'
import { type HeldDeps, heldRefusal } from './held-refusal.ts'
import type { FreezeStore } from './ports/freeze-store.ts'
import { type PrincipalDeps, principalRefusal } from './principal-refusal.ts'
import { type QuotaDeps, quotaRefusal } from './quota-refusal.ts'

export interface OutsideDeps extends QuotaDeps, PrincipalDeps, AsIsDeps, HeldDeps {
  readonly access: AccessFile
  readonly freezes: Pick<FreezeStore, 'current'>
}

/** Refuses while access is frozen, whom a finding holds back, for a principal that is not fit, or where IAM has no room. */
export async function refusalOutside(
  deps: OutsideDeps,
  { requester, principal, ask }: { readonly requester: string; readonly principal: Principal; readonly ask: Ask },
): Promise<Refused | undefined> {
  const [freeze, heldBack, unfit, unleased, noRoom] = await Promise.all([
    deps.freezes.current(),
    heldRefusal(deps, requester, ask),
    principalRefusal(deps, principal),
    asIsRefusal(deps, ask.entitlement, principal),
    quotaRefusal(deps, requester, principal),
  ])
  if (!freeze) return heldBack ?? unfit ?? unleased ?? noRoom
  const detail = `access is frozen since ${toInstant(freeze.at)}: ${freeze.reason}`
  const wouldPass = 'the same request when the freeze is lifted'
  return { outcome: 'refused', code: 'frozen', rule: 'freeze', detail, wouldPass }
}
