import type { AskedStage, Decision } from './request.ts'

export type StageVerdict =
  | { readonly outcome: 'open'; readonly stage: AskedStage; readonly index: number }
  | { readonly outcome: 'approved' }
  | { readonly outcome: 'denied' }

/** A stage and the approvals that count in it. */
export interface StageProgress {
  readonly stage: AskedStage
  readonly approvals: readonly Decision[]
  /** How many approvals it still needs. */
  readonly missing: number
}

/**
 * Where the approval of a request stands. Each decision counts in the stage that was open when it was made; a stage is passed when
 * `quorum` people approved in it; one denial ends it all. Nobody counts twice. `decisions` are in the order made.
 */
export function standing(stages: readonly AskedStage[], decisions: readonly Decision[]): StageVerdict {
  if (decisions.some(({ decision }) => decision === 'deny')) return { outcome: 'denied' }
  const progress = progressOf(stages, decisions)
  const index = progress.findIndex(({ missing }) => missing > 0)
  const open = progress[index]
  return open ? { outcome: 'open', stage: open.stage, index } : { outcome: 'approved' }
}

/** Each stage with the approvals that count in it, by the rules of `standing`. */
export function progressOf(stages: readonly AskedStage[], decisions: readonly Decision[]): readonly StageProgress[] {
  const counted = new Set<string>()
  let left = decisions.filter(({ decision }) => decision === 'approve')
  return stages.map(stage => {
    const approvals: Decision[] = []
    while (approvals.length < stage.quorum) {
      const next = left[0]
      if (!next) break
      left = left.slice(1)
      if (!stage.approvers.includes(next.approver) || counted.has(next.approver)) continue
      counted.add(next.approver)
      approvals.push(next)
    }
    return { stage, approvals, missing: stage.quorum - approvals.length }
  })
}
