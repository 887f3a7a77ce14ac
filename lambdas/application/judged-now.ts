import type { Allowed } from '../domain/evaluate.ts'
import { evaluateAgain } from '../domain/evaluate-again.ts'
import type { Request } from '../domain/request.ts'
import type { Telling } from './tell.ts'

/** A request judged by today's access file: the statements an approver is shown and a grant is made of, the people who may decide. */
export function judgedNow({ access }: Pick<Telling, 'access'>, request: Request): Allowed {
  const evaluation = evaluateAgain(access, request)
  if (evaluation.outcome === 'refused') throw new RulesChangedError(request.id, evaluation.detail)
  return evaluation
}

/** The access file of today refuses what the one of the request let in. */
export class RulesChangedError extends Error {
  override readonly name = 'RulesChangedError'

  constructor(requestId: string, detail: string) {
    super(`request ${requestId} would be refused now: ${detail}`)
  }
}
