import type { Climbed, ExecutionInput } from '../contract/workflow.ts'
import { own } from '../domain/access-file.ts'
import { RequestMissingError } from '../domain/errors.ts'
import { isOver } from '../domain/instant.ts'
import { giveUp } from '../domain/lifecycle.ts'
import { openStage } from './ask-approvers.ts'
import type { History } from './ports/request-store.ts'
import { advance } from './record.ts'
import { type Telling, tell, toRequester } from './tell.ts'

/** Long enough for the function that asks to start, see the answer and wake the execution. */
const SETTLE_SECONDS = 60

/**
 * What comes after a wait for approvers: the next stage is asked, or this one reminded, or the request is given up, unanswered.
 * A request answered in the meantime is sent back to the waiting state, which sees the answer and goes on with it.
 */
export async function climbLadder(deps: Telling, { requestId, contract, ask }: ExecutionInput): Promise<Climbed> {
  const { store, clock, access } = deps
  const now = clock.now()
  const climbed = await advance(store, requestId, request => {
    if (request.status !== 'PENDING') return { stop: 'answered' }
    return isOver(request.answerBy, now) ? giveUp(request, now) : { stop: 'still-open' }
  })
  if (climbed.outcome === 'written') {
    await tell(deps, requestId, toRequester(access, climbed.transition.to, 'unanswered'))
    return { requestId, contract, ask, outcome: 'over' }
  }
  const history = await store.history(requestId)
  if (!history) throw new RequestMissingError(requestId)
  const secondsLeft = secondsUntil(history.request.answerBy, now)
  if (history.request.status !== 'PENDING') {
    return { requestId, contract, ask: { rung: ask.rung + 1, timeoutSeconds: SETTLE_SECONDS }, outcome: 'waiting' }
  }
  if (!isNewStage(history)) {
    return { requestId, contract, ask: { rung: ask.rung + 1, timeoutSeconds: secondsLeft }, outcome: 'waiting' }
  }
  const remindAfterSeconds =
    own(access.entitlements, history.request.entitlement)?.ladder.remindAfterSeconds ?? secondsLeft
  const timeoutSeconds = Math.min(remindAfterSeconds, secondsLeft)
  return { requestId, contract, ask: { rung: 0, timeoutSeconds }, outcome: 'waiting' }
}

/** Whether the people of the open stage have not been asked at all. */
function isNewStage({ request, events }: History): boolean {
  const stage = openStage(request)
  return (
    stage !== undefined &&
    !events.some(({ type, details }) => type === 'approvers-asked' && details['stage'] === stage.name)
  )
}

/** A wait has at least one second: Step Functions takes nothing shorter. */
function secondsUntil(instant: Date, now: Date): number {
  return Math.max(1, Math.ceil((instant.getTime() - now.getTime()) / 1000))
}
