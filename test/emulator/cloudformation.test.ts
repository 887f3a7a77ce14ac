import { setTimeout as sleep } from 'node:timers/promises'
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { ListEntitiesForPolicyCommand } from '@aws-sdk/client-iam'
import { LambdaClient, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda'
import { GetObjectLockConfigurationCommand, S3Client } from '@aws-sdk/client-s3'
import { DescribeStateMachineCommand } from '@aws-sdk/client-sfn'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type BareEmulator, startBareEmulator } from '../support/bare-emulator.ts'
import { createStack, inlineFunction } from '../support/cloudformation-stack.ts'
import { invokeFunction } from '../support/invoke-function.ts'

const KEY_POLICY = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::000000000000:root' }, Action: 'kms:*', Resource: '*' },
  ],
}
const COUNT_CALLS = `const { appendFileSync, existsSync, readFileSync } = require('node:fs')
exports.handler = async event => {
  const file = require('node:os').tmpdir() + '/scheduled'
  if (event.scheduled) appendFileSync(file, 'x')
  return { calls: existsSync(file) ? readFileSync(file, 'utf8').length : 0 }
}`
const keys = [{ AttributeName: 'pk', KeyType: 'HASH' }]
const attributes = [{ AttributeName: 'pk', AttributeType: 'S' }]
const key = { 'Fn::GetAtt': ['Key', 'Arn'] }

let emulator: BareEmulator
let outputs: Record<string, string>

beforeAll(async () => {
  emulator = await startBareEmulator()
  outputs = await createStack(emulator, 'Lapse', resources(), {
    Any: { Ref: 'Any' },
    Archive: { Ref: 'Archive' },
    Global: { Ref: 'Global' },
    Machine: { Ref: 'Machine' },
    Policy: { Ref: 'tickPolicy' },
    Table: { Ref: 'Table' },
  })
}, 30_000)

afterAll(() => emulator.stop())

/** One resource of each type the app deploys, as CDK writes them. */
function resources(): Record<string, object> {
  const alarm = (more: object) => ({
    Type: 'AWS::CloudWatch::Alarm',
    Properties: { ComparisonOperator: 'GreaterThanOrEqualToThreshold', EvaluationPeriods: 1, Threshold: 1, ...more },
  })
  const schedule = (ScheduleExpression: string) => ({
    Type: 'AWS::Scheduler::Schedule',
    Properties: {
      FlexibleTimeWindow: { Mode: 'OFF' },
      ScheduleExpression,
      Target: {
        Arn: { 'Fn::GetAtt': ['tick', 'Arn'] },
        RoleArn: { 'Fn::GetAtt': ['tickRole', 'Arn'] },
        Input: '{"scheduled":true}',
      },
    },
  })
  const metric = (Id: string) => ({
    Id,
    ReturnData: false,
    MetricStat: { Metric: { Namespace: 'Lapse', MetricName: Id }, Period: 60, Stat: 'Sum' },
  })
  return {
    ...inlineFunction('tick', COUNT_CALLS, [{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: '*' }]),
    Version: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'tick' } } },
    Alias: {
      Type: 'AWS::Lambda::Alias',
      Properties: {
        FunctionName: { Ref: 'tick' },
        FunctionVersion: { 'Fn::GetAtt': ['Version', 'Version'] },
        Name: 'live',
      },
    },
    Key: { Type: 'AWS::KMS::Key', Properties: { EnableKeyRotation: true, KeyPolicy: KEY_POLICY } },
    Table: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        KeySchema: keys,
        AttributeDefinitions: attributes,
        BillingMode: 'PAY_PER_REQUEST',
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: key },
        StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
      },
    },
    Global: {
      Type: 'AWS::DynamoDB::GlobalTable',
      Properties: {
        KeySchema: keys,
        AttributeDefinitions: attributes,
        BillingMode: 'PAY_PER_REQUEST',
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
        StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
        Replicas: [{ Region: 'us-east-1', DeletionProtectionEnabled: true, SSESpecification: { KMSMasterKeyId: key } }],
      },
    },
    Archive: {
      Type: 'AWS::S3::Bucket',
      Properties: {
        ObjectLockEnabled: true,
        ObjectLockConfiguration: {
          ObjectLockEnabled: 'Enabled',
          Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 400 } },
        },
        VersioningConfiguration: { Status: 'Enabled' },
      },
    },
    Logs: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/lapse/machine', RetentionInDays: 365 } },
    Machine: {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: {
        RoleArn: { 'Fn::GetAtt': ['tickRole', 'Arn'] },
        DefinitionString: JSON.stringify({ StartAt: 'Done', States: { Done: { Type: 'Succeed' } } }),
        LoggingConfiguration: {
          Level: 'ALL',
          IncludeExecutionData: false,
          Destinations: [{ CloudWatchLogsLogGroup: { LogGroupArn: { 'Fn::GetAtt': ['Logs', 'Arn'] } } }],
        },
        TracingConfiguration: { Enabled: true },
      },
    },
    Mail: {
      Type: 'AWS::SES::ConfigurationSet',
      Properties: { Name: 'lapse', DeliveryOptions: { TlsPolicy: 'REQUIRE' } },
    },
    Once: schedule(`at(${new Date(Date.now() + 2000).toISOString().slice(0, 19)})`),
    Every: schedule('rate(5 minutes)'),
    Cron: schedule('cron(0 6 ? * MON *)'),
    Topic: { Type: 'AWS::SNS::Topic', Properties: { KmsMasterKeyId: key } },
    Queue: { Type: 'AWS::SQS::Queue', Properties: { KmsMasterKeyId: key } },
    Plain: alarm({
      Namespace: 'Lapse',
      MetricName: 'Errors',
      Period: 60,
      Statistic: 'Sum',
      AlarmActions: [{ Ref: 'Topic' }],
    }),
    Maths: alarm({ Metrics: [metric('a'), metric('b'), { Id: 'sum', Expression: 'a+b', ReturnData: true }] }),
    Any: {
      Type: 'AWS::CloudWatch::CompositeAlarm',
      Properties: {
        AlarmRule: { 'Fn::Join': ['', ['ALARM("', { Ref: 'Plain' }, '") OR ALARM("', { Ref: 'Maths' }, '")']] },
        AlarmActions: [{ Ref: 'Topic' }],
      },
    },
  }
}

describe('a stack', () => {
  it('has tables with a customer’s key', async () => {
    const tables = new DynamoDBClient(emulator.configFor(emulator.rootCredentials))
    for (const TableName of [outputs.Table, outputs.Global]) {
      const { Table } = await tables.send(new DescribeTableCommand({ TableName }))
      expect(Table).toMatchObject({
        TableStatus: 'ACTIVE',
        DeletionProtectionEnabled: true,
        SSEDescription: { Status: 'ENABLED', SSEType: 'KMS' },
      })
    }
  })

  it('has a bucket with Object Lock', async () => {
    const s3 = new S3Client(emulator.configFor(emulator.rootCredentials))
    const { ObjectLockConfiguration } = await s3.send(
      new GetObjectLockConfigurationCommand({ Bucket: outputs.Archive }),
    )

    expect(ObjectLockConfiguration?.Rule?.DefaultRetention).toEqual({ Mode: 'GOVERNANCE', Days: 400 })
  })

  it('has managed policies with a path, attached to their roles', async () => {
    expect(outputs.Policy).toBe('arn:aws:iam::000000000000:policy/lapse/tick-policy')
    const { PolicyRoles } = await emulator.iam.send(new ListEntitiesForPolicyCommand({ PolicyArn: outputs.Policy }))

    expect(PolicyRoles).toMatchObject([{ RoleName: 'tick-role' }])
  })

  it('has a state machine that logs', async () => {
    const machine = await emulator.sfn.send(new DescribeStateMachineCommand({ stateMachineArn: outputs.Machine }))

    expect(machine).toMatchObject({ status: 'ACTIVE', loggingConfiguration: { level: 'ALL' } })
  })

  it('has a composite alarm that follows its alarms', async () => {
    const state = async () => {
      const xml = await emulator.query('monitoring', {
        Action: 'DescribeAlarms',
        Version: '2010-08-01',
        'AlarmTypes.member.1': 'CompositeAlarm',
      })
      return /<StateValue>(\w+)<\/StateValue>/.exec(xml)?.[1]
    }
    expect([outputs.Any, await state()]).toEqual([expect.stringContaining('Any'), 'OK'])

    await emulator.query('monitoring', {
      Action: 'PutMetricData',
      Version: '2010-08-01',
      Namespace: 'Lapse',
      'MetricData.member.1.MetricName': 'Errors',
      'MetricData.member.1.Value': '1',
    })

    expect(await state()).toBe('ALARM')
  })
})

it('a schedule calls its function at its time', async () => {
  for (;;) {
    const { payload } = await invokeFunction(emulator, 'tick')
    if (Object(payload).calls === 1) return
    await sleep(200)
  }
}, 20_000)

describe('a deletion that a custom resource refuses', () => {
  /** Refuses to go while its environment says so. */
  const ANSWER = `const http = require('node:http')
exports.handler = event => new Promise((resolve, reject) => {
  const refuses = event.RequestType === 'Delete' && process.env.REFUSES === 'yes'
  const answer = JSON.stringify({
    Status: refuses ? 'FAILED' : 'SUCCESS',
    Reason: 'grants live',
    PhysicalResourceId: 'drain',
    StackId: event.StackId,
    RequestId: event.RequestId,
    LogicalResourceId: event.LogicalResourceId,
  })
  const put = http.request(event.ResponseURL, { method: 'PUT' }, response => response.resume().on('end', resolve))
  put.on('error', reject).end(answer)
})`

  const deleted = async () => {
    await emulator.query('cloudformation', { Action: 'DeleteStack', StackName: 'Drained' })
    for (;;) {
      const xml = await emulator.query('cloudformation', { Action: 'DescribeStacks', StackName: 'Drained' })
      const status = /<StackStatus>(\w+)<\/StackStatus>/.exec(xml)?.[1] ?? 'GONE'
      if (status !== 'DELETE_IN_PROGRESS') return status
      await sleep(50)
    }
  }
  const kept = async () => {
    const xml = await emulator.query('cloudformation', { Action: 'DescribeStackResources', StackName: 'Drained' })
    return [...xml.matchAll(/<LogicalResourceId>(\w+)<\/LogicalResourceId>/g)].map(match => match[1]).sort()
  }
  const topics = async () => {
    const xml = await emulator.query('sns', { Action: 'ListTopics', Version: '2010-03-31' })
    return [...xml.matchAll(/:(far|other)<\/TopicArn>/g)].map(match => match[1])
  }
  const refuses = (REFUSES: string) =>
    new LambdaClient(emulator.configFor(emulator.rootCredentials)).send(
      new UpdateFunctionConfigurationCommand({ FunctionName: 'drain', Environment: { Variables: { REFUSES } } }),
    )

  it('END-07 keeps what it depends on, directly or through others, and deletes it all once it goes', async () => {
    await createStack(emulator, 'Drained', {
      ...inlineFunction('drain', ANSWER),
      Far: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'far' } },
      Near: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'near' }, DependsOn: 'Far' },
      Other: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'other' } },
      Resource: {
        Type: 'Custom::Drain',
        Properties: { ServiceToken: { 'Fn::GetAtt': ['drain', 'Arn'] } },
        DependsOn: ['Near'],
      },
    })
    await refuses('yes')

    expect(await deleted()).toBe('DELETE_FAILED')
    expect(await kept()).toEqual(['Far', 'Near', 'Resource', 'drain', 'drainRole'])
    expect(await topics()).toEqual(['far'])

    await refuses('no')
    expect(['DELETE_COMPLETE', 'GONE']).toContain(await deleted())
    expect([await kept(), await topics()]).toEqual([[], []])
  }, 30_000)
})
