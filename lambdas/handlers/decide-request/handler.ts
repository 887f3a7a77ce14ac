import type { Logger } from '@aws-lambda-powertools/logger'
import { decideSigned } from '../../application/decide-signed.ts'
import type { DecisionDeps } from '../../application/record-decision.ts'
import { $DecisionBody } from '../../contract/decision-form.ts'
import { requestView } from '../../contract/request-view.ts'
import type { DecisionRefusal, RefusedDecision } from '../../domain/decide.ts'
import { type ApiAnswer, type ApiEvent, json } from '../../runtime/api.ts'
import { jsonBody } from '../../runtime/body.ts'
import { maySee } from '../../runtime/caller.ts'
import { ProblemError } from '../../runtime/problem.ts'
import { type ProvenCallerDeps, provenCallerOf } from '../../runtime/proven-caller.ts'
import { noSuchRequest, requestIdOf } from '../../runtime/request-id.ts'
import { sourceAddressOf } from '../../runtime/source-address.ts'

/** `POST /requests/{id}/decision`: an approver answers by a call signed with their own AWS credentials. */
export function createHandler(deps: DecisionDeps & ProvenCallerDeps, logger: Pick<Logger, 'error'>) {
  return async (event: ApiEvent): Promise<ApiAnswer> => {
    const caller = await provenCallerOf(event, deps)
    const requestId = requestIdOf(event)
    if (!isCalledAsJudged(event, requestId)) throw noSuchRequest()
    const { duration: durationSeconds, ...answer } = jsonBody(event, $DecisionBody)
    const request = await deps.store.find(requestId)
    if (!request || !maySee(deps.access, caller, request)) throw noSuchRequest()
    const from = sourceAddressOf(event)
    const decided = await decideSigned(deps, request, caller.person.id, { ...answer, durationSeconds, from })
    if (decided.outcome === 'refused') throw problemOf(requestId, decided)
    if (decided.wakeFailure !== undefined) {
      logger.error('the workflow could not be woken', { requestId, cause: decided.wakeFailure })
    }
    return json(200, requestView(decided.request))
  }
}

/** API Gateway judges MFA by the path as it was called: one that is written otherwise, and was routed here all the same, was not judged. */
function isCalledAsJudged({ requestContext }: ApiEvent, requestId: string): boolean {
  return requestContext.path.endsWith(`/requests/${requestId}/decision`)
}

interface Answer {
  readonly status: 403 | 409 | 422
  readonly wouldPass: string
}

const PENDING = 'a request that is PENDING'
const ANSWERS: Readonly<Record<Exclude<DecisionRefusal, 'held'>, Answer>> = {
  'own-request': { status: 403, wouldPass: 'a decision by one of its approvers' },
  'not-an-approver': { status: 403, wouldPass: 'a decision by an approver of the open stage' },
  'needs-signature': { status: 403, wouldPass: 'a signed decision' },
  'not-pending': { status: 409, wouldPass: PENDING },
  'too-late': { status: 409, wouldPass: PENDING },
  'already-decided': { status: 409, wouldPass: 'a decision by another approver' },
  'changed-since-shown': { status: 409, wouldPass: 'the decision with seen as GET /requests/{id} gives it now' },
  'duration-too-long': { status: 422, wouldPass: 'a shorter duration' },
  'duration-too-short': { status: 422, wouldPass: 'a longer duration' },
}

function problemOf(requestId: string, refused: RefusedDecision): ProblemError {
  const { why: code, detail } = refused
  if (refused.why === 'held') {
    const { hold, wouldPass } = refused
    return new ProblemError({ status: 409, code, rule: hold.rule, detail, requestId, wouldPass })
  }
  const { status, wouldPass } = ANSWERS[refused.why]
  return new ProblemError({ status, code, detail, requestId, wouldPass: refused.wouldPass ?? wouldPass })
}
