import { closeDebtOf, type DebtReviewed } from '../../application/close-debt.ts'
import type { Telling } from '../../application/tell.ts'
import { $DebtReviewBody } from '../../contract/request-body.ts'
import { requestView } from '../../contract/request-view.ts'
import { type ApiAnswer, type ApiEvent, json } from '../../runtime/api.ts'
import { jsonBody } from '../../runtime/body.ts'
import { maySee } from '../../runtime/caller.ts'
import { ProblemError } from '../../runtime/problem.ts'
import { type ProvenCallerDeps, provenCallerOf } from '../../runtime/proven-caller.ts'
import { noSuchRequest, requestIdOf } from '../../runtime/request-id.ts'

/** `POST /requests/{id}/review`: a reviewer's verdict on an emergency, which closes the debt of its requester. */
export function createHandler(deps: Telling & ProvenCallerDeps) {
  return async (event: ApiEvent): Promise<ApiAnswer> => {
    const caller = await provenCallerOf(event, deps)
    const requestId = requestIdOf(event)
    const request = await deps.store.find(requestId)
    if (!request || !maySee(deps.access, caller, request)) throw noSuchRequest()
    const { verdict, comment } = jsonBody(event, $DebtReviewBody)
    const reviewed = await closeDebtOf(deps, requestId, { by: caller.person.id, verdict, comment })
    if (reviewed.outcome === 'closed') return json(200, requestView(reviewed.request))
    const { why, detail } = reviewed
    throw new ProblemError({ ...PROBLEMS[why], code: why, detail, requestId })
  }
}

type Refusal = Extract<DebtReviewed, { readonly outcome: 'refused' }>['why']

const PROBLEMS: Readonly<Record<Refusal, { readonly status: number; readonly wouldPass: string }>> = {
  'own-request': { status: 403, wouldPass: 'a review by one of the reviewers of the entitlement' },
  'not-a-reviewer': { status: 403, wouldPass: 'a review by one of the reviewers of the entitlement' },
  'no-debt': { status: 409, wouldPass: 'a request that was approved as an emergency and has a debt' },
  'debt-closed': { status: 409, wouldPass: 'nothing: it is reviewed' },
}
