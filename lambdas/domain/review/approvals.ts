import type { LedgerEvent } from '../ledger.ts'
import type { Decision, Request } from '../request.ts'
import { standing } from '../stages.ts'
import { addValue, type Distribution, mergeDistributions, type Spread, spreadOf } from './distribution.ts'
import { byText, memberOf, mergeMaps } from './grouped.ts'
import type { Lens } from './lens.ts'
import { secondsBetween } from './session.ts'

/** How those asked answered. */
export interface Answers {
  readonly approved: number
  readonly denied: number
  /** Requests given up while their answer was waited for. */
  readonly unanswered: number
  readonly reminded: number
  /** Seconds from the moment the stage was theirs to answer to the answer. */
  readonly secondsToDecision?: Spread | undefined
}

export interface ApprovalsResult {
  readonly approvals: Answers & {
    readonly byApprover: readonly (Answers & { readonly approver: string })[]
    readonly byStage: readonly (Answers & { readonly entitlement: string; readonly stage: string })[]
  }
}

interface Counted {
  approved: number
  denied: number
  unanswered: number
  reminded: number
  readonly seconds: Distribution
}

interface State {
  readonly all: Counted
  readonly approvers: Map<string, Counted>
  readonly stages: Map<string, Map<string, Counted>>
}

/** REV-09. Who decides, how fast, and what was left without an answer? */
export const approvals: Lens<State, ApprovalsResult> = {
  name: 'approvals',
  init: () => ({ all: counted(), approvers: new Map(), stages: new Map() }),
  add(state, { request, events }) {
    const ofEntitlement = memberOf(state.stages, request.entitlement, () => new Map<string, Counted>())
    for (const { decision, stage, seconds } of answersOf(request)) {
      const tallies = [
        state.all,
        memberOf(state.approvers, decision.approver, counted),
        memberOf(ofEntitlement, stage, counted),
      ]
      for (const tally of tallies) {
        if (decision.decision === 'approve') tally.approved += 1
        else tally.denied += 1
        addValue(tally.seconds, seconds)
      }
    }
    const silent = request.status === 'UNANSWERED' ? standing(request.stages, request.decisions) : undefined
    if (silent?.outcome === 'open') {
      const { name, approvers } = silent.stage
      const owing = approvers.filter(person => !request.decisions.some(({ approver }) => approver === person))
      for (const tally of [state.all, memberOf(ofEntitlement, name, counted), ...of(state, owing)])
        tally.unanswered += 1
    }
    for (const { stage, approvers } of remindersOf(events)) {
      const ofStage = stage === undefined ? [] : [memberOf(ofEntitlement, stage, counted)]
      for (const tally of [state.all, ...ofStage, ...of(state, approvers)]) tally.reminded += 1
    }
    return state
  },
  merge: (a, b) => ({
    all: sum(a.all, b.all),
    approvers: mergeMaps(a.approvers, b.approvers, sum),
    stages: mergeMaps(a.stages, b.stages, (x, y) => mergeMaps(x, y, sum)),
  }),
  finish({ all, approvers, stages }) {
    const byStage = [...stages].flatMap(([entitlement, named]) =>
      [...named].map(([stage, tally]) => ({ entitlement, stage, ...answers(tally) })),
    )
    const byApprover = [...approvers].map(([approver, tally]) => ({ approver, ...answers(tally) }))
    return {
      approvals: {
        ...answers(all),
        byApprover: byApprover.sort((a, b) => byText(a.approver, b.approver)),
        byStage: byStage.sort((a, b) => byText(a.entitlement, b.entitlement) || byText(a.stage, b.stage)),
      },
    }
  },
}

/** Each decision with its stage and the seconds since that stage was open: since the ask, or since the stage before was passed. */
function answersOf(request: Request): readonly { decision: Decision; stage: string; seconds: number }[] {
  let openIndex = 0
  let openSince = request.askedAt
  return request.decisions.flatMap((decision, number) => {
    const before = standing(request.stages, request.decisions.slice(0, number))
    if (before.outcome !== 'open') return []
    if (before.index !== openIndex) {
      openIndex = before.index
      openSince = request.decisions[number - 1]?.at ?? openSince
    }
    return [{ decision, stage: before.stage.name, seconds: secondsBetween(openSince, decision.at) }]
  })
}

function remindersOf(
  events: readonly LedgerEvent[],
): readonly { stage: string | undefined; approvers: readonly string[] }[] {
  return events.flatMap(({ type, details: { stage, approvers } }) => {
    if (type !== 'approvers-reminded') return []
    const people = Array.isArray(approvers) ? approvers.filter(person => typeof person === 'string') : []
    return [{ stage: typeof stage === 'string' ? stage : undefined, approvers: people }]
  })
}

function of({ approvers }: State, people: readonly string[]): readonly Counted[] {
  return people.map(person => memberOf(approvers, person, counted))
}

function counted(): Counted {
  return { approved: 0, denied: 0, unanswered: 0, reminded: 0, seconds: new Map() }
}

function sum(a: Counted, b: Counted): Counted {
  a.approved += b.approved
  a.denied += b.denied
  a.unanswered += b.unanswered
  a.reminded += b.reminded
  mergeDistributions(a.seconds, b.seconds)
  return a
}

function answers({ seconds, approved, denied, unanswered, reminded }: Counted): Answers {
  return { approved, denied, unanswered, reminded, secondsToDecision: spreadOf(seconds) }
}
