import { asIsPolicies } from '../domain/access-file.ts'
import type { Actor } from '../domain/actor.ts'
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
  /** By request id, or by the list that could not be read. */
  readonly failed: readonly { readonly requestId: string; readonly why: string }[]
}

/** Grants ended at the same time. IAM throttles an account's writes, so more at once is not faster. */
const AT_ONCE = 5

/** Refuses every new grant from now on and ends all that live: those IAM shows, and those approved that it does not show yet. */
export async function freezeAccess(
  deps: FreezeAccessDeps,
  freeze: Freeze,
  actor: Actor = { person: freeze.by },
): Promise<FreezeReceipt> {
  const standing = await deps.freezes.freeze(freeze)
  const ended: FreezeReceipt['ended'][number][] = []
  const failed: FreezeReceipt['failed'][number][] = []
  const inIam = new Set<string>()
  const open = new Set<string>()
  // What one list cannot say, the other may: each is read by itself, and what is known is ended.
  await collect(deps.inventory.grantPolicies(), arn => inIam.add(requestIdOfPolicy(arn)), 'the policies of IAM', failed)
  await collect(deps.open.openRequests(), requestId => open.add(requestId), 'the open requests', failed)
  await collect(holders(deps), requestId => open.add(requestId), 'the leases', failed)

  const left = [...inIam.union(open)]
  const worker = async (): Promise<void> => {
    for (let requestId = left.pop(); requestId !== undefined; requestId = left.pop()) {
      try {
        const request = await deps.store.find(requestId)
        if (!request?.grant) {
          // A request without a grant stays as it is: while access is frozen nothing can come of it.
          if (inIam.has(requestId)) failed.push({ requestId, why: 'no grant has this policy; the sweep removes it' })
          continue
        }
        const over = await endGrant(deps, requestId, { by: actor, cause: 'frozen', isRetry: false })
        if (over.outcome === 'was-over' && over.detached === 0) continue
        ended.push({ requestId, receipt: over.request.ending && receiptJson(over.request.ending.receipt) })
      } catch (error) {
        failed.push({ requestId, why: nameOf(error) })
      }
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  return { freeze: standing, ended, failed }
}

/** Who holds an AWS-managed policy as it is, which is under no path of Lapse's. */
async function* holders({ access, leases }: FreezeAccessDeps): AsyncIterable<string> {
  if (asIsPolicies(access).length === 0) return
  for await (const lease of leases.unsettled()) yield* lease.holders
}

async function collect(
  items: AsyncIterable<string>,
  take: (item: string) => void,
  what: string,
  failed: FreezeReceipt['failed'][number][],
): Promise<void> {
  try {
    for await (const item of items) take(item)
  } catch (error) {
    failed.push({ requestId: what, why: nameOf(error) })
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown'
}
