import { peopleOf } from '../domain/access-file.ts'
import { GrantRefusedError, RequestMissingError } from '../domain/errors.ts'
import { documentHash } from '../domain/fence.ts'
import { isOver } from '../domain/instant.ts'
import type { AsIs } from '../domain/lease.ts'
import { activate } from '../domain/lifecycle.ts'
import { principalFlaw } from '../domain/principal.ts'
import type { Grant, Request } from '../domain/request.ts'
import { approvedGrant } from './approved-grant.ts'
import { NotVisibleError } from './not-visible-error.ts'
import type { Message } from './ports/announcer.ts'
import type { FreezeStore } from './ports/freeze-store.ts'
import type { PolicyBinder } from './ports/policies.ts'
import { advance } from './record.ts'
import { attachLeased, type TakeLeaseDeps } from './take-lease.ts'
import { type Telling, tell, toRequester } from './tell.ts'

export interface AttachPolicyDeps extends Telling, TakeLeaseDeps {
  readonly policies: PolicyBinder
  readonly freezes: Pick<FreezeStore, 'current'>
}

/**
 * Puts a grant in force.
 *
 *   rebuild the document → same person as asked, and nobody else? → same document in IAM? → attach → read back → ACTIVE → announce
 *
 * Only what was read back is announced. If the request was ended in the meantime, this fails and the workflow removes the policy.
 *
 * @returns the grant, whose `notAfter` the workflow waits for.
 * @throws GrantRefusedError when anything is not what was approved.
 */
export async function attachPolicy(deps: AttachPolicyDeps, requestId: string): Promise<Grant> {
  const { access, store, clock, freezes } = deps
  if (await freezes.current()) throw new GrantRefusedError(requestId, 'access is frozen')
  const history = await store.history(requestId)
  if (!history) throw new RequestMissingError(requestId)
  const { grant } = approvedGrant(access, history)
  await verifyAndAttach(deps, history.request, grant)

  const at = clock.now()
  const activated = await advance(store, requestId, request =>
    request.status === 'APPROVED' && !request.endOrder ? activate(request, at) : { stop: request.status },
  )
  if (activated.outcome === 'stopped' && activated.stop !== 'ACTIVE') {
    const { status, endOrder } = activated.request
    throw new GrantRefusedError(
      requestId,
      `it became ${endOrder ? 'ordered to end' : status} while its policy was attached`,
    )
  }
  const request = activated.outcome === 'written' ? activated.transition.to : activated.request
  await tell(deps, requestId, messages(deps, request))
  return grant
}

async function verifyAndAttach(deps: AttachPolicyDeps, request: Request, grant: Grant): Promise<void> {
  const { policies, clock } = deps
  const refused = (why: string) => new GrantRefusedError(request.id, why)
  const { principal, status, id } = request
  if (status !== 'APPROVED' && status !== 'ACTIVE') throw refused(`it is ${status}`)
  if (isOver(grant.notAfter, clock.now())) throw refused('its window is over')
  const [found, document] = await Promise.all([policies.principal(principal.arn), policies.document(grant.policyArn)])
  const flaw = principalFlaw(principal, found)
  if (flaw) throw refused(flaw.detail)
  if (document === undefined) throw new NotVisibleError(id, grant.policyArn, 'exists')
  if (documentHash(document) !== grant.documentHash) throw refused(`${grant.policyArn} does not hold what was approved`)
  if (request.asIs) return attachAsIs(deps, request, request.asIs, grant)
  await policies.attach(principal.arn, grant.policyArn)
  if (!(await policies.isAttached(principal.arn, grant.policyArn))) {
    throw new NotVisibleError(id, grant.policyArn, 'is attached')
  }
}

/** Without a fence the policy would allow from its attaching on, and at a role to each of its sessions. */
async function attachAsIs(deps: AttachPolicyDeps, request: Request, asIs: AsIs, { notBefore }: Grant): Promise<void> {
  if (request.principal.session) throw new GrantRefusedError(request.id, 'a role has many sessions, and no fence')
  if (!isOver(notBefore, deps.clock.now())) throw new GrantRefusedError(request.id, 'its window has not begun')
  await attachLeased(deps, request, asIs)
}

function messages({ access }: AttachPolicyDeps, request: Request): readonly Message[] {
  // Once a day they are told by the digest; of an emergency they were told when it was approved.
  const admins = access.notify?.admins === 'daily' ? [] : peopleOf(access, access.admins)
  return [
    ...toRequester(access, request, 'granted'),
    ...admins.map((to): Message => ({ kind: 'granted-to-admin', to, request })),
  ]
}
