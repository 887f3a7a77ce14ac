import { setTimeout as sleep } from 'node:timers/promises'
import type { BareEmulator } from './bare-emulator.ts'

/** Creates a stack from a template's resources and outputs, waits for it and gives back its outputs. */
export async function createStack(
  emulator: BareEmulator,
  name: string,
  Resources: Record<string, object>,
  outputs: Record<string, unknown> = {},
): Promise<Record<string, string>> {
  const Outputs = Object.fromEntries(Object.entries(outputs).map(([key, Value]) => [key, { Value }]))
  const created = await emulator.query('cloudformation', {
    Action: 'CreateStack',
    StackName: name,
    TemplateBody: JSON.stringify({ Resources, Outputs }),
    'Capabilities.member.1': 'CAPABILITY_NAMED_IAM',
  })
  if (created.includes('<Error>')) throw new Error(created)
  for (;;) {
    const description = await emulator.query('cloudformation', { Action: 'DescribeStacks', StackName: name })
    const status = /<StackStatus>(\w+)<\/StackStatus>/.exec(description)?.[1]
    if (status === 'CREATE_COMPLETE') {
      const pairs = description.matchAll(/<OutputKey>([^<]*)<\/OutputKey>\s*<OutputValue>([^<]*)<\/OutputValue>/g)
      return Object.fromEntries([...pairs].map(([, key = '', value = '']) => [key, value]))
    }
    if (status !== 'CREATE_IN_PROGRESS') {
      throw new Error(await emulator.query('cloudformation', { Action: 'DescribeStackEvents', StackName: name }))
    }
    await sleep(50)
  }
}

/** A Lambda function with inline CommonJS code and the role it runs as. */
export function inlineFunction(name: string, code: string, policies: object[] = []): Record<string, object> {
  return {
    [`${name}Role`]: {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: `${name}-role`,
        Path: '/lapse/',
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
        },
      },
    },
    ...(policies.length === 0
      ? {}
      : {
          [`${name}Policy`]: {
            Type: 'AWS::IAM::ManagedPolicy',
            Properties: {
              ManagedPolicyName: `${name}-policy`,
              Path: '/lapse/',
              Roles: [{ Ref: `${name}Role` }],
              PolicyDocument: { Version: '2012-10-17', Statement: policies },
            },
          },
        }),
    [name]: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        FunctionName: name,
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Timeout: 20,
        Role: { 'Fn::GetAtt': [`${name}Role`, 'Arn'] },
        Code: { ZipFile: code },
      },
    },
  }
}
