import type { AccessFile } from './access-file.ts'
import { type Evaluation, evaluate } from './evaluate.ts'
import type { AsIs } from './lease.ts'
import type { Request } from './request.ts'

/** What today's access file says to what was asked. Caps and automatic rules are not judged again: the request itself is counted by now. */
export function evaluateAgain(access: AccessFile, request: Request): Evaluation {
  const { entitlement, durationSeconds, parameters, earliestStart, isBreakGlass, requester, askedAt } = request
  const ask = { entitlement, durationSeconds, parameters, earliestStart, isBreakGlass }
  const evaluation = evaluate(access, requester, ask, askedAt)
  if (evaluation.outcome === 'refused' || isSame(evaluation.asIs, request.asIs)) return evaluation
  return {
    outcome: 'refused',
    code: 'as-is-refused',
    rule: evaluation.rule,
    detail: 'which policy is attached as it is, and with which document, has changed since it was asked for',
    wouldPass: 'the same request, asked anew',
  }
}

function isSame(a: AsIs | undefined, b: AsIs | undefined): boolean {
  return a?.policyArn === b?.policyArn && a?.documentHash === b?.documentHash
}
