import { receiptJson } from '../domain/lifecycle.ts'
import { requestIdOfPolicy } from '../domain/sweep.ts'
import { type EndGrantDeps, endGrant } from './end-grant.ts'
import type { Freeze, FreezeStore } from './ports/freeze-store.ts'
import type { PolicyInventory } from './ports/policies.ts'
import type { OpenRequests } from './ports/request-store.ts'

export interface FreezeAccessDeps extends EndGrantDeps {
  readonly freezes: FreezeStore
  readonly inventory: Pick<PolicyInventory, 'grantPolicies'>
  readonly open: OpenRequests
}

/** What a freeze did, grant by grant. What could not be ended now, the sweep ends. */
export interface FreezeReceipt {
  readonly freeze: Freeze
  readonly ended: readonly {
    readonly requestId: string
    readonly receipt: ReturnType<typeof receiptJson> | undefined
  }[]
  readonly failed: readonly { readonly requestId: string; readonly why: string }[]
}

/** Grants ended at the same time. IAM throttles an account's writes, so more at once is not faster. */
const AT_ONCE = 5

/** Refuses every new grant from now on and ends all that live: those IAM shows, and those approved that it does not show yet. */
export async function freezeAccess(deps: FreezeAccessDeps, freeze: Freeze): Promise<FreezeReceipt> {
  const standing = await deps.freezes.freeze(freeze)
  const ids = new Set<string>()
  for await (const request of deps.open.openRequests()) if (request.grant) ids.add(request.id)
  for await (const { arn } of deps.inventory.grantPolicies()) ids.add(requestIdOfPolicy(arn))

  const ended: FreezeReceipt['ended'][number][] = []
  const failed: FreezeReceipt['failed'][number][] = []
  const left = [...ids]
  const worker = async (): Promise<void> => {
    for (let requestId = left.pop(); requestId !== undefined; requestId = left.pop()) {
      try {
        const { request } = await endGrant(deps, requestId, {
          by: { person: freeze.by },
          cause: 'frozen',
          isRetry: false,
        })
        ended.push({ requestId, receipt: request.ending && receiptJson(request.ending.receipt) })
      } catch (error) {
        failed.push({ requestId, why: error instanceof Error ? error.name : 'unknown' })
      }
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  return { freeze: standing, ended, failed }
}
