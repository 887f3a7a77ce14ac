import { asIsPolicies } from '../domain/access-file.ts'
import { isOver } from '../domain/instant.ts'
import type { Lease } from '../domain/lease.ts'
import type { Request } from '../domain/request.ts'
import type { EndGrantDeps } from './end-grant.ts'
import { giveBackLease } from './give-back-lease.ts'

/** What was taken away, and from whom; or why it could not be. */
export interface LeaseDeed {
  readonly of: string
  readonly error?: unknown
}

/**
 * Gives back for grants that are over what they still hold, and takes away what nobody holds: a removal that broke off, or an attach
 * that arrived after it. One failure never keeps the rest from being looked at.
 *
 * @param living is told of each grant that holds a policy and is not over.
 */
export async function sweepLeases(
  deps: EndGrantDeps,
  living: (requestId: string) => void = () => undefined,
): Promise<readonly LeaseDeed[]> {
  const deeds: LeaseDeed[] = []
  if (asIsPolicies(deps.access).length === 0) return deeds
  for await (const lease of deps.leases.unsettled()) {
    const of = `${lease.policyArn} at ${lease.principalArn}`
    try {
      if (await tendLease(deps, lease, living)) deeds.push({ of })
    } catch (error) {
      deeds.push({ of, error })
    }
  }
  return deeds
}

/** Gives whether anything was taken away. */
export async function tendLease(
  deps: EndGrantDeps,
  lease: Lease,
  living: (requestId: string) => void,
): Promise<boolean> {
  const { principalArn, policyArn } = lease
  let detached = 0
  for (const requestId of lease.holders) {
    if (isLiving(await deps.store.find(requestId), lease)) living(requestId)
    else detached += (await giveBackLease(deps, { requestId, principalArn, policyArn })).detached
  }
  if (lease.holders.length > 0) return detached > 0
  // Before the last attach can have arrived, looking is enough: a removal would keep the next grant waiting.
  const isEarly = !isOver(lease.attachingUntil, deps.clock.now())
  if (isEarly && !(await deps.policies.isAttached(principalArn, policyArn))) return false
  return (await giveBackLease(deps, { requestId: NOBODY, principalArn, policyArn })).detached > 0
}

const NOBODY = ''

function isLiving(request: Request | undefined, { policyArn }: Lease): boolean {
  const isInForce = request?.status === 'APPROVED' || request?.status === 'ACTIVE'
  return isInForce && request.asIs?.policyArn === policyArn
}
