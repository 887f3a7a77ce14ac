import type { AccessFile } from '../domain/access-file.ts'
import type { Decidable } from '../domain/decide.ts'
import { allowedSeconds } from '../domain/grant.ts'
import type { Request } from '../domain/request.ts'
import { shownHash } from '../domain/shown.ts'
import { standing } from '../domain/stages.ts'
import { openStage } from './ask-approvers.ts'
import { RulesChangedError } from './judged-now.ts'
import type { Clock } from './ports/chance.ts'
import { judgeDecision, judgedForDecision } from './record-decision.ts'

/**
 * Undefined when a decision of this person would be refused, whatever it was. Asked of the decision itself, so the two never differ.
 * What a finding holds back can still be denied.
 */
export function decidableBy(
  { access, clock }: { readonly access: AccessFile; readonly clock: Clock },
  request: Request,
  person: string,
): Decidable | undefined {
  const stage = openStage(request)
  // Judging a request is work, and most readers are no approvers.
  if (!stage?.approvers.includes(person)) return undefined
  try {
    const judged = judgedForDecision({ access }, request)
    const { statements, shortestGrantSeconds } = judged
    const seen = shownHash(request, statements)
    const approval = { decision: 'approve', approver: person, at: clock.now(), seen, via: 'signed' } as const
    if (judgeDecision(request, approval, { ...judged, hold: undefined }).outcome === 'refused') return undefined
    const open = standing(request.stages, request.decisions)
    const number = open.outcome === 'open' ? open.index + 1 : request.stages.length
    const longestGrantSeconds = allowedSeconds(request)
    return { seen, stage: stage.name, number, statements, shortestGrantSeconds, longestGrantSeconds }
  } catch (error) {
    if (error instanceof RulesChangedError) return undefined
    throw error
  }
}
