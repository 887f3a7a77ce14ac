import {
  ExecutionAlreadyExists,
  InvalidToken,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  type SFNClient,
  StartExecutionCommand,
  TaskDoesNotExist,
  TaskTimedOut,
} from '@aws-sdk/client-sfn'
import type { WorkflowAnswers, WorkflowStarter } from '../application/ports/workflow.ts'
import { CONTRACT, type ExecutionInput, type StepInput } from '../contract/workflow.ts'
import { ASK_ENDED, MAIL_BOUNCED, STAGE_PASSED } from '../domain/errors.ts'

/** Starts executions. The API's role may do this and nothing else. */
export class SfnExecutions implements WorkflowStarter {
  readonly #client: SFNClient
  readonly #stateMachineArn: string

  constructor(client: SFNClient, stateMachineArn: string) {
    this.#client = client
    this.#stateMachineArn = stateMachineArn
  }

  async start({ requestId, firstWaitSeconds }: { requestId: string; firstWaitSeconds: number }): Promise<void> {
    const input: ExecutionInput = { requestId, contract: CONTRACT, ask: { rung: 0, timeoutSeconds: firstWaitSeconds } }
    const command = new StartExecutionCommand({
      stateMachineArn: this.#stateMachineArn,
      name: requestId,
      input: JSON.stringify(input),
    })
    try {
      await this.#client.send(command)
    } catch (error) {
      // The name is the request's id: an execution that exists is the one that was asked for.
      if (!(error instanceof ExecutionAlreadyExists)) throw error
    }
  }
}

/** Answers the wait of an execution. */
export class SfnAnswers implements WorkflowAnswers {
  readonly #client: SFNClient

  constructor(client: SFNClient) {
    this.#client = client
  }

  approve(taskToken: string, requestId: string): Promise<'told' | 'gone'> {
    const output: StepInput = { requestId, contract: CONTRACT }
    return goneIsFine(() =>
      this.#client.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output) })),
    )
  }

  askNextStage(taskToken: string): Promise<'told' | 'gone'> {
    return goneIsFine(() => this.#client.send(new SendTaskFailureCommand({ taskToken, error: STAGE_PASSED })))
  }

  askOthers(taskToken: string): Promise<'told' | 'gone'> {
    return goneIsFine(() => this.#client.send(new SendTaskFailureCommand({ taskToken, error: MAIL_BOUNCED })))
  }

  close(taskToken: string, why: string): Promise<'told' | 'gone'> {
    return goneIsFine(() => this.#client.send(new SendTaskFailureCommand({ taskToken, error: ASK_ENDED, cause: why })))
  }
}

/** A wait that is over has seen the answer itself or will see it when it begins anew. */
async function goneIsFine(send: () => Promise<unknown>): Promise<'told' | 'gone'> {
  try {
    await send()
    return 'told'
  } catch (error) {
    if (error instanceof TaskTimedOut || error instanceof TaskDoesNotExist || error instanceof InvalidToken)
      return 'gone'
    throw error
  }
}
