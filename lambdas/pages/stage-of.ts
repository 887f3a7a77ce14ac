import { type AccessFile, own } from '../domain/access-file.ts'
import { allowedSeconds } from '../domain/grant.ts'
import type { Decision, Request } from '../domain/request.ts'
import { progressOf } from '../domain/stages.ts'
import type { Approval, Shortened, StageView } from './request-view.ts'

/** The open stage as its approvers are shown it: which of how many, who has agreed in all of them, who is still needed. */
export function stageOf(access: AccessFile, { stages, decisions }: Request): StageView | undefined {
  const progress = progressOf(stages, decisions)
  const index = progress.findIndex(({ missing }) => missing > 0)
  const open = progress[index]
  if (!open) return undefined
  const { stage, missing } = open
  const answered = new Set(decisions.map(({ approver }) => approver))
  return {
    name: stage.name,
    number: index + 1,
    count: stages.length,
    quorum: stage.quorum,
    approvers: stage.approvers.length,
    isLastApproval: missing === 1 && index === stages.length - 1,
    given: progress.flatMap(passed =>
      passed.approvals.map(approval => ({ ...approvalOf(access, approval), stage: passed.stage.name })),
    ),
    missing,
    canStillAnswer: stage.approvers.filter(id => !answered.has(id)).map(id => nameOf(access, id)),
  }
}

/** A decision as those who read of it are told it. */
export function approvalOf(access: AccessFile, { approver, at, comment, durationSeconds, via }: Decision): Approval {
  return { approver: nameOf(access, approver), at, comment, durationSeconds, isSigned: via === 'signed' }
}

/** The least an approver allowed and who that was, if it is less than what was asked for. */
export function shortenedOf(access: AccessFile, request: Request): Shortened | undefined {
  const seconds = allowedSeconds(request)
  const decision = request.decisions.find(({ durationSeconds }) => durationSeconds === seconds)
  if (!decision || seconds >= request.durationSeconds) return undefined
  return { seconds, by: nameOf(access, decision.approver) }
}

function nameOf(access: AccessFile, id: string): string {
  return own(access.people, id)?.name ?? id
}
