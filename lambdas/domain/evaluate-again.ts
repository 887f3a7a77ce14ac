import type { AccessFile } from './access-file.ts'
import { type Evaluation, evaluate } from './evaluate.ts'
import type { Request } from './request.ts'

/** What today's access file says to what was asked. Caps and automatic rules are not judged again: the request itself is counted by now. */
export function evaluateAgain(access: AccessFile, request: Request): Evaluation {
  const { entitlement, durationSeconds, parameters, earliestStart, isBreakGlass, requester, askedAt } = request
  const ask = { entitlement, durationSeconds, parameters, earliestStart, isBreakGlass }
  return evaluate(access, requester, ask, askedAt)
}
