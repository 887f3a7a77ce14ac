import type { Request } from '../domain/request.ts'
import { standing } from '../domain/stages.ts'
import type { TaskTokenStore, WorkflowAnswers } from './ports/workflow.ts'

export interface WakeDeps {
  readonly taskTokens: TaskTokenStore
  readonly workflow: WorkflowAnswers
}

/**
 * Tells the execution of a request what became of its wait: it goes on, is over, or asks the next stage. Gives the error if that
 * failed, and throws nothing: what was decided stands, and the execution looks for itself when its wait runs out.
 */
export async function wake({ taskTokens, workflow }: WakeDeps, request: Request): Promise<unknown> {
  try {
    const taskToken = await taskTokens.find(request.id)
    // No token yet: the function that asks is about to keep one, and reads the request after that.
    if (!taskToken) return undefined
    if (request.status !== 'PENDING' || isNewStageOpen(request)) await answerWait(workflow, taskToken, request)
    return undefined
  } catch (error) {
    return error
  }
}

/** Ends one wait the way its request stands: on to the grant, closed, or, while it is still pending, on to the next stage. */
export async function answerWait(workflow: WorkflowAnswers, taskToken: string, request: Request): Promise<void> {
  if (request.status === 'APPROVED') await workflow.approve(taskToken, request.id)
  else if (request.status === 'PENDING') await workflow.askNextStage(taskToken)
  else await workflow.close(taskToken, request.status)
}

/** Whether the last decision passed a stage: then the people of the next one are to be asked. */
function isNewStageOpen({ stages, decisions }: Request): boolean {
  const before = standing(stages, decisions.slice(0, -1))
  const now = standing(stages, decisions)
  return before.outcome === 'open' && now.outcome === 'open' && before.index !== now.index
}
