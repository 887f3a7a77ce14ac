import type { Logger } from '@aws-lambda-powertools/logger'
import { type CloseFindingDeps, closeFindingOf } from '../../application/close-finding.ts'
import { $FindingClosingBody } from '../../contract/finding-body.ts'
import { findingView } from '../../contract/finding-view.ts'
import type { Finding } from '../../domain/findings/finding.ts'
import { type ApiAnswer, type ApiEvent, json } from '../../runtime/api.ts'
import { jsonBody } from '../../runtime/body.ts'
import { findingIdOf, noSuchFinding, refuseOthers } from '../../runtime/finding-id.ts'
import { ProblemError } from '../../runtime/problem.ts'
import { type ProvenCallerDeps, provenCallerOf } from '../../runtime/proven-caller.ts'

/** `POST /findings/{id}/close`: an administrator or auditor says what they found out; what it held is let go. */
export function createHandler(deps: CloseFindingDeps & ProvenCallerDeps, logger: Pick<Logger, 'info'>) {
  const { access } = deps
  return async (event: ApiEvent): Promise<ApiAnswer> => {
    const caller = await provenCallerOf(event, deps)
    refuseOthers(access, caller)
    const findingId = findingIdOf(event)
    const { comment } = jsonBody(event, $FindingClosingBody)
    const closed = await closeFindingOf(deps, findingId, { by: caller.person.id, comment })
    if (closed.outcome === 'unknown') throw noSuchFinding()
    if (closed.outcome === 'refused') {
      const { why, detail } = closed
      throw new ProblemError({ ...PROBLEMS[why], code: why, detail })
    }
    logger.info('a finding was closed', logged(closed.finding))
    return json(200, findingView(access, closed.finding))
  }
}

function logged({ id, rule, holds, count, closed }: Finding) {
  return { findingId: id, rule, holds, count, by: closed?.by }
}

const PROBLEMS = {
  'own-finding': { status: 403, wouldPass: 'the same call by another administrator or auditor' },
  'already-closed': { status: 409, wouldPass: 'nothing: it is closed' },
} as const
