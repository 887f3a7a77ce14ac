import { setTimeout as sleep } from 'node:timers/promises'
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type BareEmulator, startBareEmulator } from '../support/bare-emulator.ts'
import { createStack, inlineFunction } from '../support/cloudformation-stack.ts'
import { invokeFunction } from '../support/invoke-function.ts'

const ROLE_ARN = 'arn:aws:iam::000000000000:role/lapse/remember-role' // any role will do: the emulator does not act in its name
// In a file, because the function's processes share no memory. Whole lines only: appending creates the file first, then fills it.
const REMEMBER = `const { appendFileSync, existsSync, readFileSync } = require('node:fs')
exports.handler = async ({ execution, token }) => {
  const file = require('node:os').tmpdir() + '/tokens-of-' + execution
  if (token) appendFileSync(file, token + '\\n')
  return existsSync(file) ? readFileSync(file, 'utf8').split('\\n').slice(0, -1) : []
}`
const REFUSE = `exports.handler = async () => { const e = new Error('not today'); e.name = 'Refused'; throw e }`
const SLOW = 'exports.handler = async () => { await new Promise(r => setTimeout(r, 3000)) }'

let emulator: BareEmulator
let count = 0

beforeAll(async () => {
  emulator = await startBareEmulator()
  await createStack(emulator, 'functions', {
    ...inlineFunction('remember', REMEMBER),
    ...inlineFunction('refuse', REFUSE),
    ...inlineFunction('slow', SLOW),
  })
}, 30_000)

afterAll(() => emulator.stop())

type States = Record<string, object>

async function createMachine(states: States): Promise<string> {
  const definition = JSON.stringify({ StartAt: Object.keys(states)[0], States: states })
  const name = `machine-${count++}`
  const created = await emulator.sfn.send(new CreateStateMachineCommand({ name, definition, roleArn: ROLE_ARN }))
  return created.stateMachineArn ?? ''
}

async function start(states: States, input: object = {}): Promise<string> {
  return startMachine(await createMachine(states), `execution-${count++}`, input)
}

async function startMachine(stateMachineArn: string, name: string, input: object): Promise<string> {
  const command = new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) })
  return (await emulator.sfn.send(command)).executionArn ?? ''
}

const describeExecution = (executionArn: string) => emulator.sfn.send(new DescribeExecutionCommand({ executionArn }))

async function ended(executionArn: string) {
  for (;;) {
    const execution = await describeExecution(executionArn)
    if (execution.status !== 'RUNNING') return execution
    await sleep(30)
  }
}

/** The tokens an execution's callback task has handed out, when there are this many. */
async function tokensOf(executionArn: string, atLeast = 1): Promise<string[]> {
  const execution = executionArn.split(':').at(-1)
  for (;;) {
    const { payload } = await invokeFunction(emulator, 'remember', { execution })
    if (Array.isArray(payload) && payload.length >= atLeast) return payload.map(String)
    await sleep(30)
  }
}

const answer = (taskToken: string | undefined) =>
  emulator.sfn.send(new SendTaskSuccessCommand({ taskToken, output: '{"decision":"approve"}' }))

const callback = (more: object = {}, functionName = 'remember') => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
  Parameters: {
    FunctionName: functionName,
    Payload: { 'token.$': '$$.Task.Token', 'execution.$': '$$.Execution.Name' },
  },
  End: true,
  ...more,
})

describe('a callback task', () => {
  it('ends with the answer given to its token', async () => {
    const executionArn = await start({ Ask: callback() })
    const [token] = await tokensOf(executionArn)

    await answer(token)

    expect(await ended(executionArn)).toMatchObject({ status: 'SUCCEEDED', output: '{"decision": "approve"}' })
  })

  it('has a token as long as the ones of AWS', async () => {
    const [token] = await tokensOf(await start({ Ask: callback() }))

    expect(token?.length).toBeGreaterThan(600)
  })

  it('fails with the error the answer names', async () => {
    const executionArn = await start({ Ask: callback() })
    const [taskToken] = await tokensOf(executionArn)

    await emulator.sfn.send(new SendTaskFailureCommand({ taskToken, error: 'Denied', cause: 'no' }))

    expect(await ended(executionArn)).toMatchObject({ status: 'FAILED', error: 'Denied', cause: 'no' })
  })

  it('whose Lambda throws fails with the error’s name', async () => {
    const execution = await ended(await start({ Ask: callback({}, 'refuse') }))

    expect(execution).toMatchObject({ status: 'FAILED', error: 'Refused' })
    expect(JSON.parse(execution.cause ?? '')).toMatchObject({ errorType: 'Refused', errorMessage: 'not today' })
  })

  it('times out after the seconds TimeoutSecondsPath finds', async () => {
    const executionArn = await start({ Ask: callback({ TimeoutSecondsPath: '$.seconds' }) }, { seconds: 1 })

    expect(await ended(executionArn)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' })
  })

  it('fails when TimeoutSecondsPath finds nothing', async () => {
    const executionArn = await start({ Ask: callback({ TimeoutSecondsPath: '$.seconds' }) })

    expect(await ended(executionArn)).toMatchObject({ status: 'FAILED', error: 'States.Runtime' })
  })

  it('times out when no heartbeat comes, caught as States.Timeout', async () => {
    const ask = callback({ HeartbeatSeconds: 1, Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'Late' }] })
    const executionArn = await start({ Ask: ask, Late: { Type: 'Pass', End: true } })

    const execution = await ended(executionArn)

    expect(execution.status).toBe('SUCCEEDED')
    expect(execution.output).toContain('States.HeartbeatTimeout')
  })

  it('has a fresh token in every attempt', async () => {
    const retry = [{ ErrorEquals: ['States.Timeout'], IntervalSeconds: 1, MaxAttempts: 1 }]
    const executionArn = await start({ Ask: callback({ TimeoutSeconds: 1, Retry: retry }) })

    const [first, second] = await tokensOf(executionArn, 2)
    expect(second).not.toBe(first)
    await expect(answer(first)).rejects.toMatchObject({ name: 'TaskTimedOut' })

    await answer(second)
    expect(await ended(executionArn)).toMatchObject({ status: 'SUCCEEDED' })
  })
})

describe('an answer', () => {
  it('to a token that was never issued is InvalidToken', async () => {
    await expect(answer('never-issued')).rejects.toMatchObject({ name: 'InvalidToken' })
  })

  it('given twice is TaskTimedOut', async () => {
    const executionArn = await start({ Ask: callback() })
    const [token] = await tokensOf(executionArn)

    await answer(token)

    await expect(answer(token)).rejects.toMatchObject({ name: 'TaskTimedOut' })
    await ended(executionArn)
    await expect(answer(token)).rejects.toMatchObject({ name: 'TaskTimedOut' })
  })

  it('after the execution was stopped is TaskTimedOut', async () => {
    const executionArn = await start({ Ask: callback() })
    const [token] = await tokensOf(executionArn)

    await emulator.sfn.send(new StopExecutionCommand({ executionArn }))

    await expect(answer(token)).rejects.toMatchObject({ name: 'TaskTimedOut' })
  })

  it('that is no JSON is InvalidOutput', async () => {
    const [taskToken] = await tokensOf(await start({ Ask: callback() }))
    const command = new SendTaskSuccessCommand({ taskToken, output: 'approve' })

    await expect(emulator.sfn.send(command)).rejects.toMatchObject({ name: 'InvalidOutput' })
  })
})

describe('StartExecution', () => {
  it('with the name and input of a running execution gives that execution back', async () => {
    const machine = await createMachine({ Ask: callback() })
    const first = await startMachine(machine, 'request-1', { request: 1 })

    expect(await startMachine(machine, 'request-1', { request: 1 })).toBe(first)
    await expect(startMachine(machine, 'request-1', { request: 2 })).rejects.toMatchObject({
      name: 'ExecutionAlreadyExists',
    })
  })

  it('with the name of an ended execution is ExecutionAlreadyExists', async () => {
    const machine = await createMachine({ Done: { Type: 'Succeed' } })
    await ended(await startMachine(machine, 'request-1', {}))

    await expect(startMachine(machine, 'request-1', {})).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' })
  })
})

describe('a Wait state', () => {
  const wait = { Wait: { Type: 'Wait', TimestampPath: '$.until', End: true } }

  it('waits until the absolute instant, and less than a second longer', async () => {
    const until = Date.now() + 1500
    const execution = await ended(await start(wait, { until: new Date(until).toISOString() }))

    const lateMs = (execution.stopDate?.getTime() ?? 0) - until
    expect(lateMs).toBeGreaterThanOrEqual(-20)
    expect(lateMs).toBeLessThan(1000)
  })

  it('passes an instant that is over', async () => {
    expect(await ended(await start(wait, { until: '2020-01-01T00:00:00Z' }))).toMatchObject({ status: 'SUCCEEDED' })
  })

  it.each([['tomorrow'], ['2026-11-22'], ['2026-13-01T00:00:00Z'], [1_800_000_000]])('fails on %s', async until => {
    expect(await ended(await start(wait, { until }))).toMatchObject({ status: 'FAILED', error: 'States.Runtime' })
  })

  it('ends at once when its execution is stopped, and nothing follows', async () => {
    const long = { Wait: { Type: 'Wait', Seconds: 1, Next: 'Ask' }, Ask: callback() }
    const executionArn = await start(long)

    await emulator.sfn.send(new StopExecutionCommand({ executionArn, error: 'Enough' }))
    await sleep(1500)

    expect(await describeExecution(executionArn)).toMatchObject({ status: 'ABORTED', error: 'Enough' })
    const { payload } = await invokeFunction(emulator, 'remember', { execution: executionArn.split(':').at(-1) })
    expect(payload).toEqual([])
  })
})

describe('Retry and Catch', () => {
  const refuse = (more: object) => ({
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Parameters: { FunctionName: 'refuse', 'Payload.$': '$' },
    End: true,
    ...more,
  })
  const caughtBy = (...ErrorEquals: string[]) => ({
    Try: refuse({ Catch: [{ ErrorEquals, Next: 'Caught' }] }),
    Caught: { Type: 'Pass', End: true },
  })

  it.each([['States.ALL'], ['States.TaskFailed'], ['Refused']])('%s covers an error of a Lambda', async name => {
    const execution = await ended(await start(caughtBy(name)))

    expect(JSON.parse(execution.output ?? '')).toMatchObject({ Error: 'Refused' })
  })

  it('another name does not cover it', async () => {
    expect(await ended(await start(caughtBy('Other')))).toMatchObject({ status: 'FAILED', error: 'Refused' })
  })

  it('States.TaskFailed does not cover a timeout, States.Timeout does', async () => {
    const slow = {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Parameters: { FunctionName: 'slow' },
      TimeoutSeconds: 1,
      End: true,
    }
    const by = (name: string) => ({
      Try: { ...slow, Catch: [{ ErrorEquals: [name], Next: 'Caught' }] },
      Caught: { Type: 'Pass', End: true },
    })

    const [failed, caught] = await Promise.all([start(by('States.TaskFailed')), start(by('States.Timeout'))])

    expect(await ended(failed)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' })
    expect(await ended(caught)).toMatchObject({ status: 'SUCCEEDED' })
  })

  it('MaxDelaySeconds bounds the delay, JitterStrategy FULL takes part of it', async () => {
    const Retry = [
      {
        ErrorEquals: ['Refused'],
        IntervalSeconds: 1,
        BackoffRate: 100,
        MaxAttempts: 2,
        MaxDelaySeconds: 1,
        JitterStrategy: 'FULL',
      },
    ]
    const startedAt = Date.now()
    const execution = await ended(await start({ Try: refuse({ Retry }) }))

    expect(execution).toMatchObject({ status: 'FAILED', error: 'Refused' })
    expect(Date.now() - startedAt).toBeLessThan(3500)
  })
})

describe('a path', () => {
  const choice = {
    Choose: { Type: 'Choice', Choices: [{ Variable: '$.answer', StringEquals: 'yes', Next: 'Yes' }], Default: 'No' },
    Yes: { Type: 'Pass', Result: 'yes', End: true },
    No: { Type: 'Pass', Result: 'no', End: true },
  }

  it.each([
    ['yes', '"yes"'],
    ['no', '"no"'],
  ])('in a Choice rule compares %s', async (given, output) => {
    expect(await ended(await start(choice, { answer: given }))).toMatchObject({ output })
  })

  it('that finds nothing fails a Choice', async () => {
    expect(await ended(await start(choice))).toMatchObject({ status: 'FAILED', error: 'States.Runtime' })
  })

  it('that finds nothing fails Parameters', async () => {
    const pass = { Pass: { Type: 'Pass', Parameters: { 'id.$': '$.requestId' }, End: true } }

    expect(await ended(await start(pass))).toMatchObject({ status: 'FAILED', error: 'States.Runtime' })
  })
})
