import { GrantRefusedError } from '../domain/errors.ts'
import { type AsIs, take } from '../domain/lease.ts'
import type { Request } from '../domain/request.ts'
import { NotVisibleError } from './not-visible-error.ts'
import type { Clock } from './ports/chance.ts'
import type { LeaseStore } from './ports/lease-store.ts'
import type { PolicyBinder } from './ports/policies.ts'
import { MOST_ATTEMPTS } from './record.ts'

export interface TakeLeaseDeps {
  readonly leases: Pick<LeaseStore, 'find' | 'write'>
  readonly policies: Pick<PolicyBinder, 'attach' | 'isAttached'>
  readonly clock: Clock
}

/** A removal of the same policy from the same user is not over. Worth another try. */
export class LeaseBusyError extends Error {
  override readonly name = 'LeaseBusyError'

  constructor(requestId: string, policyArn: string) {
    super(`${policyArn} of request ${requestId} is being detached for another grant`)
  }
}

/**
 * Attaches an AWS-managed policy as it is, after the lease that says whose it is. Each try renews the lease, so that whoever
 * removes knows how long an attach may still arrive.
 *
 *   read the lease → (nobody holds it: read IAM → it is attached: read the lease again) → write the lease, if it still is what was
 *   read → attach
 *
 * @throws GrantRefusedError when the user has the policy by somebody else's hand: it would not be Lapse's to take away.
 */
export async function attachLeased(deps: TakeLeaseDeps, request: Request, { policyArn }: AsIs): Promise<void> {
  const { leases, policies, clock } = deps
  const principalArn = request.principal.arn
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
    const found = await leases.find(principalArn, policyArn)
    const isAttached = !found?.holders.length && (await policies.isAttached(principalArn, policyArn))
    const taking = take(found, { requestId: request.id, principalArn, policyArn }, isAttached, clock.now())
    if (taking.outcome === 'standing') {
      // Another grant may have come between the two looks; an attachment without a new lease is somebody else's.
      if ((await leases.find(principalArn, policyArn))?.version !== found?.version) continue
      throw new GrantRefusedError(request.id, `the user has ${policyArn} already, and not by a grant`)
    }
    if (taking.outcome === 'busy') throw new LeaseBusyError(request.id, policyArn)
    if ((await leases.write(taking.lease)) === 'lost') continue
    await policies.attach(principalArn, policyArn)
    return verify(deps, request, policyArn)
  }
  throw new LeaseBusyError(request.id, policyArn)
}

/** Whoever ended the grant meanwhile may have detached before this attach: what is not held any more is not in force. */
async function verify(
  { leases, policies }: TakeLeaseDeps,
  { id, principal }: Request,
  policyArn: string,
): Promise<void> {
  const lease = await leases.find(principal.arn, policyArn)
  if (!lease?.holders.includes(id)) throw new GrantRefusedError(id, `it was given back while ${policyArn} was attached`)
  if (!(await policies.isAttached(principal.arn, policyArn))) throw new NotVisibleError(id, policyArn, 'is attached')
}
