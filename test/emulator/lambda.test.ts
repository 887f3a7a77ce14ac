import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type BareEmulator, startBareEmulator } from '../support/bare-emulator.ts'
import { createStack, inlineFunction } from '../support/cloudformation-stack.ts'
import { invokeFunction } from '../support/invoke-function.ts'

const PROBE = `let invocations = 0
class Refused extends Error {}
exports.handler = async (event, context) => {
  invocations += 1
  if (event.fail === 'error') { const error = new Refused('not today'); error.name = 'Refused'; throw error }
  if (event.fail === 'string') throw 'just a string'
  if (event.fail === 'exit') process.exit(3)
  await new Promise(resolve => setTimeout(resolve, event.sleepMs ?? 0))
  return { pid: process.pid, invocations, event, name: context.functionName, remainingMs: context.getRemainingTimeInMillis(),
    requestId: context.awsRequestId, node: process.versions.node }
}`

let emulator: BareEmulator

beforeAll(async () => {
  emulator = await startBareEmulator()
  await createStack(emulator, 'functions', {
    ...inlineFunction('probe', PROBE),
    ...inlineFunction('crowded', PROBE),
    ...inlineFunction('needy', `require('left-pad'); exports.handler = async () => 'loaded'`),
  })
}, 30_000)

afterAll(() => emulator.stop())

describe('a Lambda function', () => {
  it('gets the event as it was sent, and a context that knows name and remaining time', async () => {
    const { payload } = await invokeFunction(emulator, 'probe', { requestId: 'r-1' })

    expect(payload).toMatchObject({ event: { requestId: 'r-1' }, name: 'probe', node: expect.stringMatching(/^24\./) })
    expect(payload).toMatchObject({
      remainingMs: expect.any(Number),
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    })
  })

  it('that throws reports name and message of the error, and lives on', async () => {
    const before = await invokeFunction(emulator, 'probe')
    const failed = await invokeFunction(emulator, 'probe', { fail: 'error' })
    const after = await invokeFunction(emulator, 'probe')

    expect(failed).toMatchObject({ functionError: 'Unhandled' })
    expect(failed.payload).toMatchObject({ errorType: 'Refused', errorMessage: 'not today', trace: expect.any(Array) })
    expect(pidOf(after.payload)).toBe(pidOf(before.payload))
  })

  it('that throws a string reports its type', async () => {
    const { payload } = await invokeFunction(emulator, 'probe', { fail: 'string' })

    expect(payload).toMatchObject({ errorType: 'string', errorMessage: 'just a string' })
  })

  it('whose process ends fails with Runtime.ExitError, and the next invocation works', async () => {
    const { payload } = await invokeFunction(emulator, 'probe', { fail: 'exit' })

    expect(payload).toMatchObject({ errorType: 'Runtime.ExitError' })
    expect((await invokeFunction(emulator, 'probe')).functionError).toBeNull()
  })

  it('with a dependency that is not in its bundle fails', async () => {
    const { payload } = await invokeFunction(emulator, 'needy')

    expect(payload).toMatchObject({
      errorType: 'Runtime.ImportModuleError',
      errorMessage: expect.stringContaining('left-pad'),
    })
  })

  it('answers a hundred simultaneous invocations with a handful of processes', async () => {
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => invokeFunction(emulator, 'crowded', { sleepMs: 20 })),
    )

    expect(answers.filter(answer => answer.status === 200 && answer.functionError === null)).toHaveLength(100)
    expect(new Set(answers.map(answer => pidOf(answer.payload))).size).toBeLessThanOrEqual(4)
  })
})

function pidOf(payload: unknown): unknown {
  return typeof payload === 'object' && payload !== null && 'pid' in payload ? payload.pid : undefined
}
