import type { AccessFile } from '../domain/access-file.ts'
import { GrantRefusedError } from '../domain/errors.ts'
import { documentHash, type PolicyDocument } from '../domain/fence.ts'
import { approvalHash, documentFor } from '../domain/grant.ts'
import type { AsIs } from '../domain/lease.ts'
import { verifyChain } from '../domain/ledger.ts'
import { statusByLedger } from '../domain/lifecycle.ts'
import type { Grant } from '../domain/request.ts'
import { judgedNow, RulesChangedError } from './judged-now.ts'
import type { History } from './ports/request-store.ts'

export type ApprovedGrant =
  | { readonly grant: Grant; readonly document: PolicyDocument; readonly asIs?: undefined }
  /** Its policy is AWS's, attached as it is: there is none of Lapse's to write. */
  | { readonly grant: Grant; readonly asIs: AsIs }

/**
 * The grant of an approved request and its document, built anew from the access file in the function's own code and the approved
 * fields. Nothing stored is believed: the chain of events must hold, the request must be the one that was approved, and the
 * document must have the hash that was approved.
 *
 * Invariant: a request changed after its approval, in any field, gives no policy.
 *
 * @throws GrantRefusedError naming what does not fit.
 */
export function approvedGrant(access: AccessFile, { request, events }: History): ApprovedGrant {
  const refused = (why: string, options?: ErrorOptions) => new GrantRefusedError(request.id, why, options)
  const { grant } = request
  if (!grant) throw refused(`it is ${request.status} and has no grant`)
  const chain = verifyChain(request.id, events)
  if (chain.outcome === 'broken') throw refused(`its ledger is broken: ${chain.detail}`)
  const { sequence, hash } = request.lastEvent
  if (chain.head.hash !== hash || chain.head.sequence !== sequence)
    throw refused('the request and its ledger do not agree')
  if (statusByLedger(events) !== request.status) throw refused(`it is not ${request.status} by its ledger`)
  if (request.endOrder) throw refused(`its end was ordered: ${request.endOrder.cause}`)
  if (request.ending) throw refused('it has an ending')
  const approval = events.find(({ type }) => type === 'approved')
  if (!approval || approval.details.approvalHash !== approvalHash(request, grant)) {
    throw refused('it is not the request that was approved')
  }
  const statements = statementsNow(access, request.id, { request, events })
  // That today's access file attaches the same policy with the same document as it is, was judged with the statements.
  if (request.asIs) return { grant, asIs: request.asIs }
  const document = documentFor(request, statements, grant)
  if (documentHash(document) !== grant.documentHash)
    throw refused('the access file gives another document than was approved')
  return { grant, document }
}

function statementsNow(access: AccessFile, requestId: string, { request }: History) {
  try {
    return judgedNow({ access }, request).statements
  } catch (cause) {
    if (cause instanceof RulesChangedError) throw new GrantRefusedError(requestId, cause.message, { cause })
    throw cause
  }
}
