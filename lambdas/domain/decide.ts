import { toIsoDuration } from './duration.ts'
import { approvalJson, intend } from './grant.ts'
import { type HeldApproval, type Hold, heldApproval } from './held.ts'
import { isOver } from './instant.ts'
import type { Details } from './ledger.ts'
import { step, type Transition } from './lifecycle.ts'
import type { Statement } from './parameters.ts'
import type { AskedStage, Decision, Request } from './request.ts'
import { type StageVerdict, standing } from './stages.ts'

export type Deciding =
  | { readonly outcome: 'decided'; readonly transition: Transition; readonly verdict: 'open' | 'approved' | 'denied' }
  | RefusedDecision

export type RefusedDecision = HeldApproval | UncountedDecision

interface UncountedDecision {
  readonly outcome: 'refused'
  readonly why: Exclude<DecisionRefusal, 'held'>
  readonly detail: string
  /** What the approver could answer instead, where another answer would do. */
  readonly wouldPass?: string | undefined
}

/** What the access file of today says of a request, and the hash of what that shows. */
export interface Today {
  readonly hash: string
  readonly statements: readonly Statement[]
  readonly stages: readonly AskedStage[]
  /** The least an approver may allow. */
  readonly shortestGrantSeconds: number
  /** `signed`: a decision by link does not count. */
  readonly assurance: 'link' | 'signed'
  /** The finding that holds back who asks. It is no part of the hash: closed, what was shown is decided on as it was. */
  readonly hold: Hold | undefined
}

/** What an approver of the open stage is shown before a signed decision, and the hash of it that the decision carries back. */
export interface Decidable {
  readonly seen: string
  readonly stage: string
  /** 1, 2, … */
  readonly number: number
  readonly statements: readonly Statement[]
  readonly shortestGrantSeconds: number
  readonly longestGrantSeconds: number
}

export type DecisionRefusal =
  | 'not-pending'
  | 'too-late'
  | 'own-request'
  | 'not-an-approver'
  | 'already-decided'
  | 'changed-since-shown'
  | 'needs-signature'
  | 'held'
  | 'duration-too-long'
  | 'duration-too-short'

/**
 * An approver's answer. On the approval that completes the last stage the grant is fixed in the same step: the intent is durable
 * before any IAM call, and its hash stands in the event.
 *
 * Invariant: a person never approves themselves, whatever the stages say. Invariant: an approver shortens a grant or leaves it, and
 * never lengthens it. Invariant: what a finding holds back is approved by nobody, and denied by whoever may decide.
 */
export function decide(request: Request, decision: Decision, today: Today): Deciding {
  const before = standing(request.stages, request.decisions)
  const refusal = refusalOf(request, decision, today, before)
  if (refusal) return refusal
  if (before.outcome !== 'open') return refused('not-pending', 'every stage is answered')

  const decisions = [...request.decisions, decision]
  const verdict = standing(request.stages, decisions).outcome
  const { at, approver } = decision
  const actor = { person: approver }
  const details = decisionDetails(decision, before.stage)
  if (verdict === 'open') {
    const transition = step(request, { at, actor, type: 'decided', details, change: { decisions } })
    return { outcome: 'decided', verdict, transition }
  }
  if (verdict === 'denied') {
    const transition = step(request, { at, actor, type: 'denied', details, change: { decisions, status: 'DENIED' } })
    return { outcome: 'decided', verdict, transition }
  }
  const grant = intend({ ...request, decisions }, today.statements, at)
  const transition = step(request, {
    at,
    actor,
    type: 'approved',
    details: { ...details, ...approvalJson({ ...request, decisions }, grant) },
    change: { decisions, grant, status: 'APPROVED' },
  })
  return { outcome: 'decided', verdict, transition }
}

function refusalOf(
  request: Request,
  { decision, approver, at, seen, via, durationSeconds }: Decision,
  today: Today,
  before: StageVerdict,
): RefusedDecision | undefined {
  if (request.status !== 'PENDING') return refused('not-pending', `the request is ${request.status}`)
  if (isOver(request.answerBy, at)) return refused('too-late', 'the time to answer is over')
  if (approver === request.requester) return refused('own-request', 'nobody decides on their own request')
  if (seen !== today.hash) return refused('changed-since-shown', 'the request is not what was shown')
  if (before.outcome !== 'open') return refused('not-pending', 'every stage is answered')
  if (!mayAnswer(approver, before.stage, today))
    return refused('not-an-approver', `${approver} is no approver of stage ${before.stage.name}`)
  if (request.decisions.some(decided => decided.approver === approver))
    return refused('already-decided', `${approver} has decided`)
  if (today.assurance === 'signed' && via !== 'signed')
    return refused('needs-signature', 'only a call signed by the approver decides on this', 'a signed decision')
  if (decision === 'approve' && today.hold) return heldApproval(request.requester, today.hold)
  return durationSeconds === undefined ? undefined : durationRefusal(request, durationSeconds, today)
}

/** Frozen when asked, checked again now: the people of the stage who still are its people. Once it has escalated, those asked too count. */
function mayAnswer(approver: string, stage: AskedStage, today: Today): boolean {
  const now = today.stages.find(({ name }) => name === stage.name)
  const people = [...(now?.approvers ?? []), ...((stage.escalatedAt && now?.escalateTo) ?? [])]
  return stage.approvers.includes(approver) && people.includes(approver)
}

function durationRefusal(
  request: Request,
  durationSeconds: number,
  { shortestGrantSeconds }: Today,
): RefusedDecision | undefined {
  const range = `a duration from ${toIsoDuration(shortestGrantSeconds)} to ${toIsoDuration(request.durationSeconds)}`
  const given = toIsoDuration(durationSeconds)
  if (durationSeconds > request.durationSeconds) {
    const detail = `${given} is longer than the ${toIsoDuration(request.durationSeconds)} that were asked for`
    return refused('duration-too-long', detail, range)
  }
  if (durationSeconds >= shortestGrantSeconds) return undefined
  return refused('duration-too-short', `${given} is shorter than ${toIsoDuration(shortestGrantSeconds)}`, range)
}

function decisionDetails(
  { decision, comment, seen, via, durationSeconds, from }: Decision,
  { name }: AskedStage,
): Details {
  const duration = durationSeconds === undefined ? undefined : toIsoDuration(durationSeconds)
  return { decision, stage: name, comment, seen, duration, via, from }
}

function refused(why: UncountedDecision['why'], detail: string, wouldPass?: string): UncountedDecision {
  return { outcome: 'refused', why, detail, ...(wouldPass !== undefined && { wouldPass }) }
}
