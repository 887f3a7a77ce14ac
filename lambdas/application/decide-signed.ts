import type { RefusedDecision } from '../domain/decide.ts'
import type { Decision, Request } from '../domain/request.ts'
import { RulesChangedError } from './judged-now.ts'
import {
  type DecisionDeps,
  judgedForDecision,
  type RecordedDecision,
  recordDecision,
  withHold,
} from './record-decision.ts'

export interface SignedAnswer {
  readonly decision: 'approve' | 'deny'
  readonly seen: string
  readonly comment?: string | undefined
  readonly durationSeconds?: number | undefined
  /** Address the call came from. */
  readonly from?: string | undefined
}

/**
 * An approver's answer by a call signed with their own AWS credentials. It needs no link and uses none: whatever links the person
 * still has for this stage are dead with it, for nobody decides twice.
 */
export async function decideSigned(
  deps: DecisionDeps,
  request: Request,
  approver: string,
  { decision, seen, comment, durationSeconds, from }: SignedAnswer,
): Promise<RecordedDecision> {
  const signed: Decision = {
    decision,
    approver,
    at: deps.clock.now(),
    seen,
    via: 'signed',
    ...(comment && { comment }),
    ...(from !== undefined && { from }),
    ...(decision === 'approve' && durationSeconds !== undefined && { durationSeconds }),
  }
  try {
    const judged = await withHold(deps, request, signed, judgedForDecision(deps, request))
    return await recordDecision(deps, request.id, signed, { judged })
  } catch (error) {
    if (error instanceof RulesChangedError) return rulesChanged(error)
    throw error
  }
}

function rulesChanged({ message }: RulesChangedError): RefusedDecision {
  return { outcome: 'refused', why: 'changed-since-shown', detail: message }
}
