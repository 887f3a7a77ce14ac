import { setTimeout as sleep } from 'node:timers/promises'
import { DescribeExecutionCommand, GetExecutionHistoryCommand, StartExecutionCommand } from '@aws-sdk/client-sfn'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { type BareEmulator, startBareEmulator } from '../support/bare-emulator.ts'
import { createStack, inlineFunction } from '../support/cloudformation-stack.ts'
import { invokeFunction } from '../support/invoke-function.ts'
import { signedFetch } from '../support/signed-fetch.ts'
import { until } from '../support/until.ts'

const SLOW = `exports.handler = event => new Promise(resolve => setTimeout(() => resolve('done'), event.sleepMs ?? 0))`
const FAILING = `exports.handler = async () => { throw new Error('not today') }`
const $received = z.object({ Messages: z.array(z.object({ Body: z.string() })).optional() })
const NO_ROOM = 'Lambda.TooManyRequestsException'

let emulator: BareEmulator
let outputs: Record<string, string>

beforeAll(async () => {
  emulator = await startBareEmulator()
  const resources = { ...inlineFunction('slow', SLOW), ...inlineFunction('failing', FAILING) }
  outputs = await createStack(
    emulator,
    'rooms',
    {
      ...resources,
      slow: withProperties(resources.slow, { ReservedConcurrentExecutions: 1 }),
      failing: withProperties(resources.failing, {
        DeadLetterConfig: { TargetArn: { 'Fn::GetAtt': ['Failures', 'Arn'] } },
      }),
      Failures: { Type: 'AWS::SQS::Queue', Properties: {} },
      NoRetries: {
        Type: 'AWS::Lambda::EventInvokeConfig',
        Properties: { FunctionName: { Ref: 'failing' }, Qualifier: '$LATEST', MaximumRetryAttempts: 0 },
      },
      Machine: {
        Type: 'AWS::StepFunctions::StateMachine',
        Properties: {
          RoleArn: { 'Fn::GetAtt': ['slowRole', 'Arn'] },
          DefinitionString: JSON.stringify({ StartAt: 'Call', States: { Call: call() } }),
        },
      },
      MayInvoke: {
        Type: 'AWS::IAM::ManagedPolicy',
        Properties: {
          Roles: [{ Ref: 'slowRole' }],
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: '*' }],
          },
        },
      },
    },
    { Machine: { Ref: 'Machine' }, Queue: { Ref: 'Failures' } },
  )
}, 30_000)

afterAll(() => emulator.stop())

function withProperties(resource: object | undefined, more: object): object {
  const properties: unknown = Object.entries(resource ?? {}).find(([name]) => name === 'Properties')?.[1]
  return { ...resource, Properties: { ...Object(properties), ...more } }
}

function call(): object {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Parameters: { FunctionName: 'slow', Payload: {} },
    Retry: [{ ErrorEquals: [NO_ROOM], IntervalSeconds: 1, BackoffRate: 1, MaxAttempts: 10 }],
    End: true,
  }
}

describe('a function that has an execution of its own and no more', () => {
  it('turns a second invocation away, with 429', async () => {
    const first = invokeFunction(emulator, 'slow', { sleepMs: 1500 })
    await sleep(500)

    expect((await invokeFunction(emulator, 'slow')).status).toBe(429)
    expect((await first).payload).toBe('done')
  })

  it('is called again by a workflow that retries when there was no room', async () => {
    const first = invokeFunction(emulator, 'slow', { sleepMs: 2000 })
    await sleep(500)
    const { executionArn } = await emulator.sfn.send(new StartExecutionCommand({ stateMachineArn: outputs.Machine }))

    const status = await until('the execution is over', 15, async () => {
      const { status } = await emulator.sfn.send(new DescribeExecutionCommand({ executionArn }))
      return status === 'RUNNING' ? undefined : status
    })

    const { events = [] } = await emulator.sfn.send(new GetExecutionHistoryCommand({ executionArn }))
    const failures = events.flatMap(({ taskFailedEventDetails }) => taskFailedEventDetails?.error ?? [])
    expect([status, failures.length > 0, new Set(failures)]).toEqual(['SUCCEEDED', true, new Set([NO_ROOM])])
    expect((await first).payload).toBe('done')
  }, 30_000)
})

describe('a function that nobody waits for', () => {
  it('leaves the event it failed at in its queue', async () => {
    await signedFetch('POST', `${emulator.endpointUrl}/2015-03-31/functions/failing/invocations`, {
      credentials: emulator.rootCredentials,
      service: 'lambda',
      headers: { 'x-amz-invocation-type': 'Event' },
      body: JSON.stringify({ trigger: 'schedule' }),
    })

    const message = await until('the failure is in the queue', 10, async () => {
      const received = await emulator.json('sqs', 'AmazonSQS.ReceiveMessage', { QueueUrl: outputs.Queue })
      return $received.parse(received).Messages?.[0]?.Body
    })

    expect(message).toContain('schedule')
  }, 20_000)
})
