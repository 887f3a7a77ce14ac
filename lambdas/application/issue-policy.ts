import type { AccessFile } from '../domain/access-file.ts'
import { GrantRefusedError, RequestMissingError } from '../domain/errors.ts'
import { documentHash } from '../domain/fence.ts'
import { isOver, toInstant } from '../domain/instant.ts'
import { approvedGrant } from './approved-grant.ts'
import { NotVisibleError } from './not-visible-error.ts'
import type { Clock } from './ports/chance.ts'
import type { FreezeStore } from './ports/freeze-store.ts'
import type { PolicyAuthor } from './ports/policies.ts'
import type { RequestStore } from './ports/request-store.ts'

export interface IssuePolicyDeps {
  readonly access: AccessFile
  readonly store: RequestStore
  readonly freezes: Pick<FreezeStore, 'current'>
  readonly policies: PolicyAuthor
  readonly clock: Clock
}

/**
 * Writes the fenced policy of an approved request. The intent has been durable since the approval, so wherever this stops,
 * the policy can be found by its path and taken away. Doing it again finds its own policy, by hash, and is done.
 *
 * @throws GrantRefusedError when the request is not approved, was changed since, is over, or another document has the name.
 */
export async function issuePolicy(
  { access, store, freezes, policies, clock }: IssuePolicyDeps,
  requestId: string,
): Promise<void> {
  if (await freezes.current()) throw new GrantRefusedError(requestId, 'access is frozen')
  const history = await store.history(requestId)
  if (!history) throw new RequestMissingError(requestId)
  const { request } = history
  const approved = approvedGrant(access, history)
  const { grant } = approved
  if (request.status !== 'APPROVED') throw new GrantRefusedError(requestId, `it is ${request.status}`)
  if (isOver(grant.notAfter, clock.now())) throw new GrantRefusedError(requestId, 'its window is over')
  // Nothing is written; whether AWS's policy still is what was approved, the applier says when it attaches it.
  if (approved.asIs) return

  const { document } = approved
  const tags = {
    'lapse:managed': 'true',
    'lapse:request': requestId,
    'lapse:expires': toInstant(grant.notAfter),
    'lapse:hash': grant.documentHash,
  }
  if ((await policies.create({ arn: grant.policyArn, document, tags })) === 'created') return
  const standing = await policies.document(grant.policyArn)
  if (standing === undefined) throw new NotVisibleError(requestId, grant.policyArn, 'exists')
  if (documentHash(standing) !== grant.documentHash) {
    throw new GrantRefusedError(requestId, `another document stands under ${grant.policyArn}`)
  }
}
