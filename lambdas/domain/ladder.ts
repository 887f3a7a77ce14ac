import type { Ladder } from './approval-rules.ts'
import { type BusinessHours, plusBusinessSeconds } from './business-hours.ts'
import { isOver, plusSeconds } from './instant.ts'

/** Where the open stage of a request stands on its ladder. */
export interface OnLadder {
  /** When the people of the stage were first asked. */
  readonly stageAskedAt: Date
  /** When the whole request is given up. */
  readonly answerBy: Date
  readonly isReminded: boolean
  readonly isEscalated: boolean
  /** Whether there is somebody to escalate to who is not asked already. */
  readonly canEscalate: boolean
  /** Whether a mail to somebody of the stage did not arrive, or was complained about: nobody waits for an answer to it. */
  readonly hasBounced: boolean
}

export type Rung = 'remind' | 'escalate' | 'give-up'

export interface Climb {
  /** What is due now; of several the highest. */
  readonly due: Rung | undefined
  /** When the next rung comes, once the due one is taken. Not after `answerBy`. */
  readonly next: Date
}

/** When a request asked now is given up. With a ladder that keeps to working hours, they alone count. */
export function answerByOf(ladder: Ladder, hours: BusinessHours | undefined, askedAt: Date): Date {
  return after(ladder, hours, askedAt, ladder.unansweredAfterSeconds)
}

/** When the people of a stage asked now are reminded or others asked too, whichever comes first; or the request is given up. */
export function firstRungAt(
  ladder: Ladder,
  hours: BusinessHours | undefined,
  stage: Pick<OnLadder, 'stageAskedAt' | 'answerBy' | 'canEscalate'>,
): Date {
  const asked = { ...stage, isReminded: false, isEscalated: false, hasBounced: false }
  return climb(ladder, hours, asked, stage.stageAskedAt).next
}

/**
 * The ladder of a stage: remind → escalate → give up. Reminder and escalation count from when the stage was asked, giving up from the ask.
 * A bounced mail is not waited for: it escalates at once.
 *
 *   stage asked ──── remindAfter ──── escalateAfter ────────┐
 *   ask ──────────────────────────── unansweredAfter ───────┴─ given up
 */
export function climb(ladder: Ladder, hours: BusinessHours | undefined, on: OnLadder, now: Date): Climb {
  const { stageAskedAt, answerBy, isReminded, isEscalated, canEscalate, hasBounced } = on
  if (isOver(answerBy, now)) return { due: 'give-up', next: answerBy }
  const remindAt = after(ladder, hours, stageAskedAt, ladder.remindAfterSeconds)
  const escalateAt =
    ladder.escalateAfterSeconds === undefined
      ? answerBy
      : after(ladder, hours, stageAskedAt, ladder.escalateAfterSeconds)

  const mayEscalate = canEscalate && !isEscalated
  const isEscalationDue = mayEscalate && (hasBounced || isOver(escalateAt, now))
  if (isEscalationDue) return { due: 'escalate', next: answerBy }
  // Once others are asked too, everybody has had a mail of late: no reminder on top.
  const mayRemind = !isReminded && !isEscalated
  const isReminderDue = mayRemind && isOver(remindAt, now)
  const coming = [mayRemind && !isReminderDue ? remindAt : answerBy, mayEscalate ? escalateAt : answerBy, answerBy]
  return { due: isReminderDue ? 'remind' : undefined, next: earliest(coming) }
}

function after(ladder: Ladder, hours: BusinessHours | undefined, from: Date, seconds: number): Date {
  return ladder.isWithinHours && hours ? plusBusinessSeconds(hours, from, seconds) : plusSeconds(from, seconds)
}

function earliest(instants: readonly Date[]): Date {
  return new Date(Math.min(...instants.map(instant => instant.getTime())))
}
