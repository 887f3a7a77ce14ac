import { RemovalUnprovenError } from '../domain/errors.ts'
import { wholeSeconds } from '../domain/instant.ts'
import { giveBack, leftBehind } from '../domain/lease.ts'
import type { Receipt } from '../domain/request.ts'
import type { Clock } from './ports/chance.ts'
import type { LeaseStore } from './ports/lease-store.ts'
import type { PolicyRemover } from './ports/policies.ts'
import { MOST_ATTEMPTS } from './record.ts'

export interface GiveBackDeps {
  readonly leases: LeaseStore
  readonly policies: Pick<PolicyRemover, 'takeFrom' | 'isAttached'>
  readonly clock: Clock
}

/** Whose hold on which policy at which user. */
export interface Hold {
  readonly requestId: string
  readonly principalArn: string
  readonly policyArn: string
}

/**
 * Ends the hold of one grant. The policy goes with the last; while another grant holds it, it stays, and where the user has it by
 * somebody else's hand it is not touched. Doing it again finishes what broke off.
 *
 *   read the lease → write it without the hold → (nobody is left: detach → read IAM back → say so)
 *
 * @throws RemovalUnprovenError when IAM still shows the policy.
 */
export async function giveBackLease(deps: GiveBackDeps, hold: Hold): Promise<Receipt> {
  const { leases, policies, clock } = deps
  const { requestId, principalArn, policyArn } = hold
  const receipt = (policy: Receipt['policy'], detached: number): Receipt => ({
    policyArn,
    verifiedAt: wholeSeconds(clock.now()),
    policy,
    detached,
  })
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
    const giving = giveBack(await leases.find(principalArn, policyArn), requestId, clock.now())
    if (giving.outcome === 'not-ours') {
      const isStanding = await policies.isAttached(principalArn, policyArn)
      return receipt(isStanding ? 'HeldByOthers' : 'NotAttached', 0)
    }
    if (giving.lease && (await leases.write(giving.lease)) === 'lost') continue
    if (giving.outcome === 'held-by-others') return receipt('HeldByOthers', 0)

    const taken = await policies.takeFrom(principalArn, policyArn)
    if (await policies.isAttached(principalArn, policyArn))
      throw new RemovalUnprovenError(policyArn, `IAM still shows it at ${principalArn}`)
    // Lost, when another removal was begun since: the lease says so, and that one finishes it.
    await leases.write(leftBehind(giving.lease, giving.wasAlone, clock.now()))
    return receipt('NotAttached', taken === 'detached' ? 1 : 0)
  }
  throw new RemovalUnprovenError(policyArn, 'its lease changed whenever it was written')
}
