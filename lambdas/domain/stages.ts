import type { AskedStage, Decision } from './request.ts'

export type StageVerdict =
  | { readonly outcome: 'open'; readonly stage: AskedStage; readonly index: number }
  | { readonly outcome: 'approved' }
  | { readonly outcome: 'denied' }

/**
 * Where the approval of a request stands. Stages are answered in order; a stage is passed when `quorum` distinct people approved
 * in it; nobody counts in two stages; one denial ends it all.
 */
export function standing(stages: readonly AskedStage[], decisions: readonly Decision[]): StageVerdict {
  if (decisions.some(({ decision }) => decision === 'deny')) return { outcome: 'denied' }
  const left = new Set(decisions.map(({ approver }) => approver))
  for (const [index, stage] of stages.entries()) {
    const counted = stage.approvers.filter(person => left.has(person)).slice(0, stage.quorum)
    if (counted.length < stage.quorum) return { outcome: 'open', stage, index }
    for (const person of counted) left.delete(person)
  }
  return { outcome: 'approved' }
}
