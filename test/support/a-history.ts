import { decide } from '../../lambdas/domain/decide.ts'
import { plusSeconds } from '../../lambdas/domain/instant.ts'
import type { LedgerEvent } from '../../lambdas/domain/ledger.ts'
import {
  activate,
  type Beginning,
  begin,
  cancel,
  end,
  fail,
  giveUp,
  note,
  refuse,
} from '../../lambdas/domain/lifecycle.ts'
import type { EndCause, Request } from '../../lambdas/domain/request.ts'
import type { History } from '../../lambdas/domain/review/lens.ts'
import {
  ASKED_AT,
  aDecision,
  aReceipt,
  asked,
  grantOf,
  type RequestOverrides,
  STATEMENTS,
  shownOf,
} from './a-request.ts'

/**
 * A request and its ledger, made by the real steps one after the other: `aHistory().approved().activated().ended()`. Each step
 * gives a new history, so a story can branch. Times are seconds after the step before unless named otherwise.
 */
export class HistoryBuilder implements History {
  readonly request: Request
  readonly events: readonly LedgerEvent[]

  constructor(request: Request, events: readonly LedgerEvent[]) {
    this.request = request
    this.events = events
  }

  approved({ approver, afterSeconds = 900 }: { approver?: string; afterSeconds?: number } = {}): HistoryBuilder {
    return this.#decided('approve', approver, afterSeconds)
  }

  denied({ approver, afterSeconds = 900 }: { approver?: string; afterSeconds?: number } = {}): HistoryBuilder {
    return this.#decided('deny', approver, afterSeconds)
  }

  reminded({ afterSeconds = 1800 }: { afterSeconds?: number } = {}): HistoryBuilder {
    const stage = this.request.stages[this.#stageIndex()]
    const details = { stage: stage?.name, approvers: stage?.approvers }
    const at = plusSeconds(this.request.askedAt, afterSeconds)
    return this.#then(note(this.request, { type: 'approvers-reminded', at, actor: { service: 'approval' }, details }))
  }

  activated({ afterSeconds = 2 }: { afterSeconds?: number } = {}): HistoryBuilder {
    return this.#then(activate(this.request, plusSeconds(this.#lastAt(), afterSeconds)))
  }

  /** `lateBySeconds` counts from the planned end; below zero the removal was proven before it. */
  ended({ cause = 'expired', lateBySeconds = 1 }: { cause?: EndCause; lateBySeconds?: number } = {}): HistoryBuilder {
    const verifiedAt = plusSeconds(grantOf(this.request).notAfter, lateBySeconds)
    return this.#then(end(this.request, cause, aReceipt(this.request, { verifiedAt }), { service: 'revoker' }))
  }

  cancelled(): HistoryBuilder {
    return this.#then(cancel(this.request, this.request.requester, plusSeconds(this.#lastAt(), 60)))
  }

  unanswered(): HistoryBuilder {
    return this.#then(giveUp(this.request, this.request.answerBy))
  }

  failed(): HistoryBuilder {
    return this.#then(
      fail(this.request, 'the attachment was refused', plusSeconds(this.#lastAt(), 5), { service: 'applier' }),
    )
  }

  /** Someone put other events in the place of the true ones. */
  forged(change: (events: readonly LedgerEvent[]) => readonly LedgerEvent[]): HistoryBuilder {
    return new HistoryBuilder(this.request, change(this.events))
  }

  #decided(decision: 'approve' | 'deny', approver: string | undefined, afterSeconds: number): HistoryBuilder {
    const { request } = this
    const by = approver ?? request.stages[this.#stageIndex()]?.approvers[0] ?? 'bob'
    const answer = aDecision(request, { decision, approver: by, at: plusSeconds(request.askedAt, afterSeconds) })
    const deciding = decide(request, answer, shownOf(request, STATEMENTS))
    if (deciding.outcome === 'refused') throw new Error(`the decision is refused: ${deciding.detail}`)
    return this.#then(deciding.transition)
  }

  /** With quorums of one, the stage that waits is the one after as many as were answered. */
  #stageIndex(): number {
    return this.request.decisions.length
  }

  #lastAt(): Date {
    return this.events.at(-1)?.at ?? this.request.askedAt
  }

  #then({ to, event }: Beginning): HistoryBuilder {
    return new HistoryBuilder(to, [...this.events, event])
  }
}

/** A request just made, with its first event. */
export function aHistory(overrides: RequestOverrides = {}): HistoryBuilder {
  const { rule = 'alice', stages = [{ name: 'owner', approvers: ['bob'], quorum: 1 }] } = overrides
  const { durationSeconds = 3600, unansweredAfterSeconds = 14_400 } = overrides
  const allowed = {
    outcome: 'allowed',
    rule,
    durationSeconds,
    maximumSeconds: 43_200,
    stages,
    statements: STATEMENTS,
  } as const
  const about = asked({ at: ASKED_AT, ...overrides })
  const { to, event } = begin(about, allowed, plusSeconds(about.at, unansweredAfterSeconds))
  return new HistoryBuilder(to, [event])
}

/** A request the rules refused. */
export function aRefusedHistory(overrides: RequestOverrides = {}): HistoryBuilder {
  const refusal = { code: 'not-eligible', rule: 'default-deny', detail: 'no rule', wouldPass: 'nothing' } as const
  const { to, event } = refuse(asked({ at: ASKED_AT, ...overrides }), { outcome: 'refused', ...refusal })
  return new HistoryBuilder(to, [event])
}
