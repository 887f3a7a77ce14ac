import type { Json } from './digest.ts'
import type { OnLadder } from './ladder.ts'
import type { LedgerEvent } from './ledger.ts'
import type { AskedStage, Request } from './request.ts'

/** Nobody answered in time, or a mail to somebody of the stage did not arrive. */
export const ESCALATION_CAUSES = ['time', 'mail-bounced'] as const
export type EscalationCause = (typeof ESCALATION_CAUSES)[number]

/** Kinds of mail that ask for an answer; when one does not arrive, somebody else is asked. */
export const ASKING_MAILS = ['approval-asked', 'signature-asked'] as const

/** A stage that has gone on to others. */
export interface Escalation {
  /** Person ids of who is asked too. */
  readonly to: readonly string[]
  readonly why: EscalationCause
  /** Whether they have been mailed. */
  readonly isAsked: boolean
}

/** Who would be asked too if the stage escalated now: not who is asked already, and not who has answered in a stage before. */
export function othersToAsk({ decisions }: Pick<Request, 'decisions'>, stage: AskedStage): readonly string[] {
  const answered = new Set(decisions.map(({ approver }) => approver))
  return (stage.escalateTo ?? []).filter(id => !stage.approvers.includes(id) && !answered.has(id))
}

/** Where the open stage stands by its events; undefined while its people have not been asked. */
export function onLadder(request: Request, stage: AskedStage, events: readonly LedgerEvent[]): OnLadder | undefined {
  const ofStage = events.filter(({ details }) => details.stage === stage.name)
  const asked = ofStage.find(({ type }) => type === 'approvers-asked')
  if (!asked) return undefined
  return {
    stageAskedAt: asked.at,
    answerBy: request.answerBy,
    isReminded: ofStage.some(({ type }) => type === 'approvers-reminded'),
    isEscalated: stage.escalatedAt !== undefined,
    canEscalate: othersToAsk(request, stage).length > 0,
    hasBounced: unreachedIn(request, stage, events.slice(events.indexOf(asked) + 1)).length > 0,
  }
}

/** Who of the stage could still answer and did not get a mail that asked for it, by these events. */
export function unreachedIn(
  { decisions }: Pick<Request, 'decisions'>,
  { approvers }: AskedStage,
  events: readonly LedgerEvent[],
): readonly string[] {
  const failed = new Set(events.filter(isFailedAsk).map(({ details }) => details.to))
  const answered = new Set(decisions.map(({ approver }) => approver))
  return approvers.filter(id => failed.has(id) && !answered.has(id))
}

/** Whether a mail to somebody of the stage did not arrive and others can be asked for it, who are not asked yet. */
export function mustPassOn({ hasBounced, canEscalate, isEscalated }: OnLadder): boolean {
  return hasBounced && canEscalate && !isEscalated
}

/** The escalation of the stage by its events. */
export function escalationOf(stage: AskedStage, events: readonly LedgerEvent[]): Escalation | undefined {
  const ofStage = events.filter(({ details }) => details.stage === stage.name)
  const escalated = ofStage.findLast(({ type }) => type === 'escalated')
  if (!escalated) return undefined
  const { to, why } = escalated.details
  return {
    to: textsOf(to),
    why: ESCALATION_CAUSES.find(cause => cause === why) ?? 'time',
    isAsked: ofStage.some(({ type, sequence }) => type === 'approvers-asked' && sequence > escalated.sequence),
  }
}

/** Whether the event tells of a mail that asked for an answer and did not arrive. */
function isFailedAsk({ type, details: { kind } }: LedgerEvent): boolean {
  const isFailure = type === 'mail-bounced' || type === 'mail-failed'
  return isFailure && ASKING_MAILS.some(asking => asking === kind)
}

function textsOf(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter(each => typeof each === 'string') : []
}
