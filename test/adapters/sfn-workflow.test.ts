import { ExecutionAlreadyExists, InvalidToken, SFNClient, TaskDoesNotExist, TaskTimedOut } from '@aws-sdk/client-sfn'
import { describe, expect, it } from '@jest/globals'
import { SfnAnswers, SfnExecutions } from '../../lambdas/adapters/sfn-workflow.ts'
import { $ExecutionInput, $StepInput } from '../../lambdas/contract/workflow.ts'
import { ASK_ENDED, STAGE_PASSED } from '../../lambdas/domain/errors.ts'

const ID = '01JQ0000000000000000000000'
const MACHINE = 'arn:aws:states:eu-central-1:111122223333:stateMachine:lapse'

/** A client that writes down what it is given and answers with nothing, or fails. */
function handMade(failure?: Error) {
  const inputs: Record<string, unknown>[] = []
  const client = new SFNClient({ region: 'eu-central-1', credentials: { accessKeyId: 'a', secretAccessKey: 's' } })
  client.middlewareStack.add(
    () => async args => {
      inputs.push({ ...args.input })
      if (failure) throw failure
      return { output: { $metadata: {}, executionArn: 'x', startDate: new Date() }, response: {} }
    },
    { step: 'initialize' },
  )
  return { client, inputs }
}

const failure = { message: 'no', $metadata: {} }

describe('starting an execution', () => {
  it('REQ-06 is named after the request and is given ids, never a document', async () => {
    const { client, inputs } = handMade()

    await new SfnExecutions(client, MACHINE).start({ requestId: ID, firstWaitSeconds: 1800 })

    expect(inputs).toMatchObject([{ stateMachineArn: MACHINE, name: ID }])
    expect($ExecutionInput.parse(JSON.parse(String(inputs[0]?.input)))).toEqual({
      requestId: ID,
      contract: 1,
      ask: { rung: 0, timeoutSeconds: 1800 },
    })
  })

  it('REQ-06 that exists is started', async () => {
    const { client } = handMade(new ExecutionAlreadyExists(failure))

    await expect(
      new SfnExecutions(client, MACHINE).start({ requestId: ID, firstWaitSeconds: 1 }),
    ).resolves.toBeUndefined()
  })

  it('REQ-01 that fails otherwise is an error', async () => {
    const { client } = handMade(new Error('throttled'))

    await expect(new SfnExecutions(client, MACHINE).start({ requestId: ID, firstWaitSeconds: 1 })).rejects.toThrow(
      'throttled',
    )
  })
})

describe('waking an execution', () => {
  it('APP-10 hands on what the next step reads, or the error the state machine routes', async () => {
    const { client, inputs } = handMade()
    const answers = new SfnAnswers(client)

    expect(await answers.approve('token', ID)).toBe('told')
    expect(await answers.close('token', 'DENIED')).toBe('told')
    expect(await answers.askNextStage('token')).toBe('told')

    expect(inputs).toEqual([
      { taskToken: 'token', output: expect.any(String) },
      { taskToken: 'token', error: ASK_ENDED, cause: 'DENIED' },
      { taskToken: 'token', error: STAGE_PASSED },
    ])
    expect($StepInput.parse(JSON.parse(String(inputs[0]?.output)))).toEqual({ requestId: ID, contract: 1 })
  })

  it.each([new TaskTimedOut(failure), new TaskDoesNotExist(failure), new InvalidToken(failure)])(
    'APP-10 that waits no more is gone, not an error: %s',
    async error => {
      const answers = new SfnAnswers(handMade(error).client)

      expect(await answers.approve('token', ID)).toBe('gone')
      expect(await answers.close('token', 'DENIED')).toBe('gone')
    },
  )

  it('APP-10 that fails otherwise is an error', async () => {
    const answers = new SfnAnswers(handMade(new Error('throttled')).client)

    await expect(answers.approve('token', ID)).rejects.toThrow('throttled')
    await expect(answers.close('token', 'DENIED')).rejects.toThrow('throttled')
  })
})
