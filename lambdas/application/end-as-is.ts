import { asIsPolicies } from '../domain/access-file.ts'
import type { Lease } from '../domain/lease.ts'
import { type EndGrantDeps, endGrant } from './end-grant.ts'
import { tendLease } from './sweep-leases.ts'

export interface EndAsIsDeps extends EndGrantDeps {
  /** Waits between two rounds. */
  readonly pause: () => Promise<void>
}

export interface EndedAsIs {
  readonly ended: number
  /** Which policies are left, and at whom. */
  readonly left: readonly string[]
}

/** At three seconds each, longer than an attach may arrive late. */
const MOST_ROUNDS = 60

/**
 * Ends the grants of AWS-managed policies that are attached as they are and no longer in the access file: soon nobody may detach
 * them. Looks until nothing of theirs can still be there.
 */
export async function endAsIs(deps: EndAsIsDeps, policies: readonly string[]): Promise<EndedAsIs> {
  const gone = policies.filter(policy => !asIsPolicies(deps.access).includes(policy))
  let ended = 0
  for (let round = 1; gone.length > 0; round += 1) {
    for (const lease of await leasesOf(deps, gone)) ended += await endHolders(deps, lease)
    const left = (await leasesOf(deps, gone)).map(({ policyArn, principalArn }) => `${policyArn} at ${principalArn}`)
    if (left.length === 0 || round === MOST_ROUNDS) return { ended, left }
    await deps.pause()
  }
  return { ended, left: [] }
}

async function leasesOf({ leases }: EndAsIsDeps, policies: readonly string[]): Promise<readonly Lease[]> {
  const found: Lease[] = []
  for await (const lease of leases.unsettled()) if (policies.includes(lease.policyArn)) found.push(lease)
  return found
}

/** What fails is tried again in the next round. */
async function endHolders(deps: EndAsIsDeps, lease: Lease): Promise<number> {
  let ended = 0
  const living: string[] = []
  await tendLease(deps, lease, requestId => living.push(requestId)).catch(() => false)
  for (const requestId of living) {
    const over = await endGrant(deps, requestId, { by: { service: 'drain' }, cause: 'revoked', isRetry: true }).catch(
      () => undefined,
    )
    if (over?.outcome === 'ended') ended += 1
  }
  return ended
}
