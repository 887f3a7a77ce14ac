import type { Climbed, ExecutionInput } from '../contract/workflow.ts'
import { type AccessFile, own } from '../domain/access-file.ts'
import type { Ladder } from '../domain/approval-rules.ts'
import { RequestMissingError } from '../domain/errors.ts'
import { escalationOf, onLadder, othersToAsk } from '../domain/escalation.ts'
import { isOver } from '../domain/instant.ts'
import { climb, firstRungAt } from '../domain/ladder.ts'
import { escalate, giveUp, type Transition } from '../domain/lifecycle.ts'
import type { Request } from '../domain/request.ts'
import { openStage } from './ask-approvers.ts'
import type { History } from './ports/request-store.ts'
import { advance } from './record.ts'
import { type Telling, tell, toRequester } from './tell.ts'

/** Long enough for the function that asks to start, see the answer and wake the execution. */
const SETTLE_SECONDS = 60
/** When it is looked again whether those a stage has gone on to were asked: in five minutes, or in a hundredth of what is left. */
const LOOK_AFTER_SECONDS = 5 * 60
const LOOKS = 100

/**
 * What comes after a wait for approvers: the next stage is asked, or this one reminded, or others asked too, or the request is given
 * up, unanswered. A request answered in the meantime is sent back to the waiting state, which sees the answer and goes on with it.
 */
export async function climbLadder(deps: Telling, { requestId, contract, ask }: ExecutionInput): Promise<Climbed> {
  const { store, clock, access } = deps
  const now = clock.now()
  const history = await store.history(requestId)
  if (!history) throw new RequestMissingError(requestId)
  const climbed = await advance(
    store,
    requestId,
    request => stepUp(access, { ...history, request }, now) ?? { stop: 'no-step' },
  )
  if (climbed.outcome === 'stopped') {
    const next = nextAsk(access, { ...history, request: climbed.request }, now)
    return { requestId, contract, ask: next(ask.rung + 1), outcome: 'waiting' }
  }
  const { to, event } = climbed.transition
  if (to.status !== 'PENDING') {
    await tell(deps, requestId, toRequester(access, to, 'unanswered'))
    return { requestId, contract, ask, outcome: 'over' }
  }
  const next = nextAsk(access, { request: to, events: [...history.events, event] }, now)
  return { requestId, contract, ask: next(ask.rung + 1), outcome: 'waiting' }
}

/** What the ladder changes of the request now, if anything. */
function stepUp(access: AccessFile, { request, events }: History, now: Date): Transition | undefined {
  if (request.status !== 'PENDING') return undefined
  if (isOver(request.answerBy, now)) return giveUp(request, now)
  const stage = openStage(request)
  const on = stage && onLadder(request, stage, events)
  if (!stage || !on || climb(ladderOf(access, request), access.hours, on, now).due !== 'escalate') return undefined
  const why = on.hasBounced ? 'mail-bounced' : 'time'
  return escalate(request, { stage: stage.name, to: othersToAsk(request, stage), why }, now)
}

/** How the next wait begins, and how long it is. */
function nextAsk(access: AccessFile, { request, events }: History, now: Date): (rung: number) => Climbed['ask'] {
  const { answerBy } = request
  const stage = openStage(request)
  if (!stage) return rung => ({ rung, timeoutSeconds: SETTLE_SECONDS })
  const ladder = ladderOf(access, request)
  const on = onLadder(request, stage, events)
  if (!on) {
    const canEscalate = othersToAsk(request, stage).length > 0
    const first = firstRungAt(ladder, access.hours, { stageAskedAt: now, answerBy, canEscalate })
    return () => ({ rung: 0, timeoutSeconds: secondsUntil(first, now) })
  }
  const { due, next } = climb(ladder, access.hours, on, now)
  if (escalationOf(stage, events)?.isAsked === false) {
    const looksAgain = Math.max(LOOK_AFTER_SECONDS, Math.ceil(secondsUntil(answerBy, now) / LOOKS))
    return rung => ({ rung, timeoutSeconds: Math.min(looksAgain, secondsUntil(next, now)), begins: 'escalated' })
  }
  const timeoutSeconds = secondsUntil(next, now)
  return rung => (due === 'remind' ? { rung, timeoutSeconds } : { rung, timeoutSeconds, begins: 'quietly' })
}

/** Of an entitlement that is no longer in the access file nothing is left to be done by the clock but to give the request up. */
function ladderOf({ entitlements }: AccessFile, { entitlement, askedAt, answerBy }: Request): Ladder {
  const whole = secondsUntil(answerBy, askedAt)
  return own(entitlements, entitlement)?.ladder ?? { remindAfterSeconds: whole, unansweredAfterSeconds: whole }
}

/** A wait has at least one second: Step Functions takes nothing shorter. */
function secondsUntil(instant: Date, now: Date): number {
  return Math.max(1, Math.ceil((instant.getTime() - now.getTime()) / 1000))
}
