import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { synthesized } from '../../support/synthesized.ts'
import { rolesOf, statementsOf } from '../../support/template-policies.ts'

const $retry = z.object({
  ErrorEquals: z.array(z.string()),
  MaxAttempts: z.number(),
  IntervalSeconds: z.number().optional(),
  MaxDelaySeconds: z.number().optional(),
})
const $catch = z.object({ ErrorEquals: z.array(z.string()), Next: z.string(), ResultPath: z.string() })
const $state = z.object({
  Type: z.string(),
  Comment: z.string(),
  Next: z.string().optional(),
  End: z.boolean().optional(),
  Resource: z.string().optional(),
  Retry: z.array($retry).default([]),
  Catch: z.array($catch).default([]),
  TimeoutSeconds: z.number().optional(),
  TimeoutSecondsPath: z.string().optional(),
  TimestampPath: z.string().optional(),
})
type State = z.infer<typeof $state>
const $definition = z.object({ StartAt: z.string(), States: z.record(z.string(), $state) })
const $machine = z.object({
  DefinitionString: z.string(),
  LoggingConfiguration: z.object({ IncludeExecutionData: z.boolean(), Level: z.string() }),
  StateMachineType: z.string().default('STANDARD'),
})

const { resources } = synthesized()
const [machine, ...others] = resources.filter(({ type }) => type === 'AWS::StepFunctions::StateMachine')
const { DefinitionString, LoggingConfiguration, StateMachineType } = $machine.parse(machine?.properties)
const { StartAt, States } = $definition.parse(JSON.parse(DefinitionString))
const states = Object.entries(States).map(([name, state]) => ({ name, ...state }))

const REMOVAL = 'Detach the policy'
const isCallback = ({ Resource = '' }: State) => Resource.endsWith('.waitForTaskToken')
const removal = States[REMOVAL]
const all = ({ ErrorEquals }: { readonly ErrorEquals: readonly string[] }) => ErrorEquals.includes('States.ALL')

describe('the workflow', () => {
  it('END-01 is one standard machine, retained with the executions that still hold grants', () => {
    expect(others).toEqual([])
    expect(StateMachineType).toBe('STANDARD')
    expect(machine?.deletionPolicy).toBe('Retain')
  })

  it('END-01 goes from the ask to the removal in at most eight states', () => {
    const happy: string[] = []
    for (let name: string | undefined = StartAt; name; name = States[name]?.Next) happy.push(name)

    expect(happy.at(-1)).toBe(REMOVAL)
    expect(happy.length).toBeLessThanOrEqual(8)
  })

  it('AUD-07 is logged without its data', () => {
    expect(LoggingConfiguration).toEqual({ IncludeExecutionData: false, Level: 'ALL' })
  })

  it('APP-06 asks again only when the function was never started: else each attempt would mint another token', () => {
    const callbacks = states.filter(isCallback)

    expect(callbacks.map(({ name }) => name)).toEqual([StartAt])
    expect(callbacks.flatMap(({ Retry }) => Retry).flatMap(({ ErrorEquals }) => ErrorEquals)).toEqual([
      'Lambda.TooManyRequestsException',
    ])
  })

  it('OPS-01 is traced', () => {
    expect(machine?.properties.TracingConfiguration).toEqual({ Enabled: true })
  })

  it('APP-06 catches the wait that ran out before whatever else fails, which goes to the removal', () => {
    const { Catch = [] } = States[StartAt] ?? {}

    expect(Catch[0]?.ErrorEquals).toContain('States.Timeout')
    expect(Catch.at(-1)).toMatchObject({ ErrorEquals: ['States.ALL'], Next: REMOVAL })
    expect(Catch.filter(all)).toHaveLength(1)
  })

  it.each(
    states.filter(({ Type, name }) => Type === 'Task' && name !== REMOVAL && !isCallback(States[name] ?? removalOf())),
  )('END-03 "$name" is tried again, and goes to the removal when that does not help', ({ Retry, Catch }) => {
    expect(Retry.at(-1)).toMatchObject({ ErrorEquals: ['States.ALL'], MaxAttempts: expect.any(Number) })
    expect(Retry.at(-1)?.MaxAttempts).toBeGreaterThanOrEqual(5)
    expect(Catch.at(-1)).toMatchObject({ ErrorEquals: ['States.ALL'], Next: REMOVAL })
  })

  it('END-03 never gives the removal up: it is tried for weeks, at least every five minutes, and nothing catches it', () => {
    const { Retry, Catch, Next, End } = removalOf()

    expect(Retry).toEqual([expect.objectContaining({ ErrorEquals: ['States.ALL'], MaxDelaySeconds: 300 })])
    expect((Retry[0]?.MaxAttempts ?? 0) * 300).toBeGreaterThanOrEqual(27 * 86_400)
    expect(Catch).toEqual([])
    expect({ Next, End }).toEqual({ Next: undefined, End: true })
  })

  it('END-03 removes before the history of an execution is full', () => {
    const eventsPerAttempt = 3

    expect((removalOf().Retry[0]?.MaxAttempts ?? 0) * eventsPerAttempt).toBeLessThan(25_000)
  })

  it('END-01 waits for an absolute instant that no retry can move', () => {
    const waits = states.filter(({ Type }) => Type === 'Wait')

    expect(waits.map(({ TimestampPath }) => TimestampPath)).toEqual(['$.notAfter'])
  })

  it('END-01 gives every task a time limit and every state its reason in words', () => {
    const tasks = states.filter(({ Type }) => Type === 'Task')

    expect(tasks.filter(task => !task.TimeoutSeconds && !task.TimeoutSecondsPath).map(({ name }) => name)).toEqual([])
    expect(states.filter(({ Comment }) => Comment.length < 20).map(({ name }) => name)).toEqual([])
  })

  it('END-07 lets running executions end with the versions they began with, after any deployment', () => {
    const role = rolesOf(resources).find(({ name }) => name === 'Elevation/Workflow/Service')
    const invoked = new Set(
      role &&
        statementsOf(role)
          .filter(s => s.Action.includes('lambda:InvokeFunction'))
          .flatMap(s => s.Resource),
    )
    const called = [...DefinitionString.matchAll(/arn:aws:lambda:[^"]+:function:(?<name>[^":]+)(?<version>:\d+)?"/g)]

    expect(called.length).toBeGreaterThanOrEqual(5)
    for (const { groups } of called) {
      expect(groups?.version).toBeDefined()
      expect(invoked).toContain(`arn:aws:lambda:eu-west-1:111122223333:function:${groups?.name}:*`)
    }
  })

  it('END-01 leads only to states that are there, and leaves none unreachable', () => {
    const $any = z.object({
      Choices: z.array(z.object({ Next: z.string() })).default([]),
      Default: z.string().optional(),
    })
    const raw = z.object({ States: z.record(z.string(), $any) }).parse(JSON.parse(DefinitionString)).States
    const targets = states.flatMap(({ name, Next, Catch }) => [
      ...(Next ? [Next] : []),
      ...Catch.map(caught => caught.Next),
      ...(raw[name]?.Choices.map(choice => choice.Next) ?? []),
      ...(raw[name]?.Default ? [raw[name]?.Default ?? ''] : []),
    ])

    expect(targets.filter(target => !States[target])).toEqual([])
    expect(Object.keys(States).filter(name => name !== StartAt && !targets.includes(name))).toEqual([])
  })
})

function removalOf(): State {
  if (!removal) throw new Error(`there is no state "${REMOVAL}"`)
  return removal
}
