import type { Logger } from '@aws-lambda-powertools/logger'
import { type Drained, type DrainGrantsDeps, drainGrants } from '../../application/drain-grants.ts'
import { type EndedAsIs, endAsIs } from '../../application/end-as-is.ts'
import { $StackEvent, type StackAnswer, type StackEvent } from '../../contract/stack-event.ts'

export interface StackDeps extends DrainGrantsDeps {
  /** Tells CloudFormation, at the address it gave. */
  readonly answerStack: (event: StackEvent, answer: StackAnswer) => Promise<void>
}

/** Custom resource that everything else outlives: before the stack is deleted every grant is ended, or the deletion fails. */
export function createHandler(deps: StackDeps, logger: Pick<Logger, 'error'>) {
  return async (event: unknown): Promise<void> => {
    const stackEvent = $StackEvent.parse(event)
    await deps.answerStack(stackEvent, await answerTo(stackEvent, deps, logger))
  }
}

async function answerTo(
  { RequestType, ResourceProperties: { policies } = {} }: StackEvent,
  deps: StackDeps,
  logger: Pick<Logger, 'error'>,
): Promise<StackAnswer> {
  if (RequestType !== 'Delete') return { Status: 'SUCCESS', Reason: 'there is nothing to drain' }
  try {
    if (policies) return wordsOfAsIs(await endAsIs(deps, policies))
    return wordsOf(await drainGrants(deps))
  } catch (error) {
    logger.error('the drain failed', { cause: error })
    return {
      Status: 'FAILED',
      Reason: `The grants could not be ended; see the log of the drain. ${AGAIN}`,
    }
  }
}

/** A drain that failed has frozen access all the same: nothing new may come while somebody looks. */
const AGAIN = 'Delete the stack again, or keep it and lift the freeze with DELETE /freeze.'

function wordsOfAsIs({ ended, left }: EndedAsIs): StackAnswer {
  if (left.length === 0) return { Status: 'SUCCESS', Reason: `${ended} grants of policies no longer listed were ended` }
  return { Status: 'FAILED', Reason: `${left[0]} is not detached. Put it back into the access file and deploy again.` }
}

function wordsOf(drained: Drained): StackAnswer {
  if (drained.outcome === 'drained') {
    return { Status: 'SUCCESS', Reason: `${drained.ended} grants were ended, ${drained.closed} requests closed` }
  }
  const { left, open } = drained
  const [what, first] =
    left.length > 0
      ? [`IAM still has ${left.length} of Lapse's policies`, left[0]]
      : [`${open.length} requests could not be closed`, open[0]]
  return { Status: 'FAILED', Reason: `${what}, such as ${first}. ${AGAIN}` }
}
