import type { Logger } from '@aws-lambda-powertools/logger'
import { type Drained, type DrainGrantsDeps, drainGrants } from '../../application/drain-grants.ts'
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
  { RequestType }: StackEvent,
  deps: StackDeps,
  logger: Pick<Logger, 'error'>,
): Promise<StackAnswer> {
  if (RequestType !== 'Delete') return { Status: 'SUCCESS', Reason: 'there is nothing to drain' }
  try {
    return wordsOf(await drainGrants(deps))
  } catch (error) {
    logger.error('the drain failed', { cause: error })
    return {
      Status: 'FAILED',
      Reason: 'The grants could not be ended; see the log of the drain. Delete the stack again.',
    }
  }
}

function wordsOf(drained: Drained): StackAnswer {
  if (drained.outcome === 'drained') return { Status: 'SUCCESS', Reason: `${drained.ended} grants were ended` }
  const Reason = `${drained.left.length} grant policies are still in IAM, such as ${drained.left[0]}. Delete the stack again.`
  return { Status: 'FAILED', Reason }
}
