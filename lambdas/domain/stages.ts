import type { AskedStage, Decision } from './request.ts'

export type StageVerdict =
  | { readonly outcome: 'open'; readonly stage: AskedStage; readonly index: number }
  | { readonly outcome: 'approved' }
  | { readonly outcome: 'denied' }

/**
 * Where the approval of a request stands. Each decision counts in the stage that was open when it was made; a stage is passed when
 * `quorum` people approved in it; one denial ends it all. nobody counts twice. `decisions` are in the order made.
 */
export function standing(stages: readonly AskedStage[], decisions: readonly Decision[]): StageVerdict {
  if (decisions.some(({ decision }) => decision === 'deny')) return { outcome: 'denied' }
  let index = 0
  let approvals = 0
  const counted = new Set<string>()
  for (const { approver } of decisions) {
    const stage = stages[index]
    if (!stage?.approvers.includes(approver) || counted.has(approver)) continue
    counted.add(approver)
    approvals += 1
    if (approvals < stage.quorum) continue
    index += 1
    approvals = 0
  }
  const stage = stages[index]
  return stage ? { outcome: 'open', stage, index } : { outcome: 'approved' }
}
