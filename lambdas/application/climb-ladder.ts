import type { Climbed, ExecutionInput } from '../contract/workflow.ts'
import { isOver } from '../domain/instant.ts'
import { giveUp } from '../domain/lifecycle.ts'
import { advance } from './record.ts'
import { type Telling, tell, toRequester } from './tell.ts'

/**
 * What happens when a wait for approvers runs out: another wait with a reminder, or the end of the request, unanswered.
 * A request answered in the meantime is sent back to the waiting state, which sees the answer and goes on with it.
 */
export async function climbLadder(deps: Telling, { requestId, contract, ask }: ExecutionInput): Promise<Climbed> {
  const { store, clock, access } = deps
  const now = clock.now()
  const climbed = await advance(store, requestId, request => {
    if (request.status !== 'PENDING') return { stop: 'answered' }
    return isOver(request.answerBy, now) ? giveUp(request, now) : { stop: 'remind' }
  })
  if (climbed.outcome === 'written') {
    await tell(deps, requestId, toRequester(access, climbed.transition.to, 'unanswered'))
    return { requestId, contract, ask, outcome: 'over' }
  }
  const timeoutSeconds = Math.max(1, Math.ceil((climbed.request.answerBy.getTime() - now.getTime()) / 1000))
  return { requestId, contract, ask: { rung: ask.rung + 1, timeoutSeconds }, outcome: 'waiting' }
}
