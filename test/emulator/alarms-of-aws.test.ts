import { CloudWatchClient } from '@aws-sdk/client-cloudwatch'
import { StartExecutionCommand } from '@aws-sdk/client-sfn'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { type BareEmulator, startBareEmulator } from '../support/bare-emulator.ts'
import { createStack } from '../support/cloudformation-stack.ts'
import { invokeFunction } from '../support/invoke-function.ts'
import { $alarm, ringing as ringingIn, shortened } from '../support/short-alarms.ts'
import { signedFetch } from '../support/signed-fetch.ts'
import { synthesized } from '../support/synthesized.ts'

/** In place of the five minutes of the alarms. */
const PERIOD_SECONDS = 6
/** In place of five seconds of a call, and of ten minutes of a record, in milliseconds. */
const SHORTER: Readonly<Record<string, number>> = { 'Lapse-api-latency': 1000, 'Lapse-stream-behind': 4000 }
const SLOW_MILLISECONDS = 1200
/** A record that cannot be taken in for so long, and then can. */
const POISON_SECONDS = 14

const HANDLER = `exports.handler = async event => {
  for (const { dynamodb } of event.Records ?? []) {
    if (Date.now() / 1000 < dynamodb.ApproximateCreationDateTime + ${POISON_SECONDS}) throw new Error('not yet')
  }
  if (event.path === '/slow') await new Promise(resolve => setTimeout(resolve, ${SLOW_MILLISECONDS}))
  if (event.fail || event.path === '/fail') throw new Error('a broken function')
  return { statusCode: 200, body: '{}' }
}`

const { template } = synthesized()
const $ref = z.union([
  z.object({ Ref: z.string() }).transform(({ Ref }) => Ref),
  z.object({ 'Fn::GetAtt': z.array(z.string()) }).transform(({ 'Fn::GetAtt': [id = ''] }) => id),
])
const $watched = z.object({
  Namespace: z.string(),
  MetricName: z.string(),
  Dimensions: z.array(z.object({ Name: z.string(), Value: z.unknown() })).default([]),
})

/** The alarms of the template on services of AWS, and the parts of the stack each looks at, by their logical id. */
const alarms = Object.entries(template.Resources).flatMap(([id, { Type, Properties }]) => {
  if (Type !== 'AWS::CloudWatch::Alarm') return []
  const properties = $alarm.parse({ ...Properties, AlarmName: String(Properties.AlarmName) })
  const single = $watched.safeParse(properties).data
  const many = (properties.Metrics ?? []).flatMap(({ MetricStat }) => $watched.safeParse(MetricStat?.Metric).data ?? [])
  const metrics = single ? [single] : many
  const isOfAws = metrics.every(({ Namespace }) => Namespace !== 'Lapse' && Namespace !== 'AWS/SES')
  const parts = metrics.flatMap(({ Dimensions }) => Dimensions.flatMap(({ Value }) => $ref.safeParse(Value).data ?? []))
  return isOfAws && metrics.length > 0 ? [{ id, properties, parts }] : []
})
const alarmsOf = (name: string) => alarms.filter(({ properties }) => properties.AlarmName.startsWith(`Lapse-${name}`))
const namesOf = (name: string) => alarmsOf(name).map(({ properties }) => properties.AlarmName)
const parts = [...new Set(alarms.flatMap(each => each.parts))]
const ofType = (type: string) => parts.filter(id => template.Resources[id]?.Type === type)
const [machine = ''] = ofType('AWS::StepFunctions::StateMachine')
const [queue = ''] = ofType('AWS::SQS::Queue')
const followers = alarmsOf('stream-behind').flatMap(each => each.parts)
/** Of each alarm on functions one that fails and one that has no room. */
const broken = alarmsOf('function-errors').map(({ parts: [first = ''] }) => first)
const crowded = alarmsOf('function-throttles').map(({ parts: [, second = ''] }) => second)

let emulator: BareEmulator
let outputs: Record<string, string>
const ringing = (names: readonly string[], work: () => Promise<unknown>) =>
  ringingIn(new CloudWatchClient(emulator.configFor(emulator.rootCredentials)), names, work)

beforeAll(async () => {
  emulator = await startBareEmulator()
  outputs = await createStack(emulator, 'parts', brittleParts(), {
    Machine: { Ref: machine },
    Queue: { Ref: queue },
    Api: { Ref: 'Api' },
  })
  await createStack(emulator, 'alarms', shortAlarms())
}, 120_000)

afterAll(() => emulator.stop())

/** The alarms of the template, with short periods, on those parts. The template of a stack holds 51,200 bytes, so there are two. */
function shortAlarms(): Record<string, object> {
  const short = alarms.map(({ id, properties }) => {
    const [, threshold] = Object.entries(SHORTER).find(([name]) => properties.AlarmName.startsWith(name)) ?? []
    const { AlarmDescription: _, ...rest } = shortened(properties, PERIOD_SECONDS)
    const shorter = threshold === undefined ? {} : { Threshold: threshold }
    const Properties = { ...rest, ...shorter, AlarmActions: [], OKActions: [] }
    return [id, { Type: 'AWS::CloudWatch::Alarm', Properties: JSON.parse(JSON.stringify(Properties), named) }]
  })
  return Object.fromEntries(short)
}

/** A reference to a part as the name of that part. */
function named(_: string, value: unknown): unknown {
  const { data: id } = $ref.safeParse(value)
  return id === machine ? outputs.Machine : (id ?? value)
}

/** What the alarms look at: parts of the same kinds that break when they are told to. */
function brittleParts(): Record<string, object> {
  return {
    Role: aRole(['lambda.amazonaws.com', 'states.amazonaws.com']),
    ...Object.fromEntries(ofType('AWS::Lambda::Function').map(id => [id, aFunction(id)])),
    [machine]: {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: {
        RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] },
        DefinitionString: JSON.stringify({ StartAt: 'Break', States: { Break: { Type: 'Fail', Error: 'Broken' } } }),
      },
    },
    [queue]: { Type: 'AWS::SQS::Queue', Properties: { QueueName: queue } },
    Table: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        TableName: 'ledger',
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        BillingMode: 'PAY_PER_REQUEST',
        StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
      },
    },
    ...Object.fromEntries(
      followers.map(id => [
        `${id}Stream`,
        {
          Type: 'AWS::Lambda::EventSourceMapping',
          Properties: {
            FunctionName: { Ref: id },
            EventSourceArn: { 'Fn::GetAtt': ['Table', 'StreamArn'] },
            StartingPosition: 'TRIM_HORIZON',
          },
        },
      ]),
    ),
    ...restApi(broken[0] ?? ''),
  }
}

function aRole(services: readonly string[]) {
  const Statement = [{ Effect: 'Allow', Principal: { Service: services }, Action: 'sts:AssumeRole' }]
  const everything = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: { Version: '2012-10-17', Statement },
      Policies: [{ PolicyName: 'all', PolicyDocument: everything }],
    },
  }
}

function aFunction(id: string) {
  return {
    Type: 'AWS::Lambda::Function',
    Properties: {
      FunctionName: id,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Timeout: 20,
      Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
      Code: { ZipFile: [...broken, ...followers].includes(id) ? HANDLER : 'exports.handler = async () => {}' },
      DeadLetterConfig: { TargetArn: { 'Fn::GetAtt': [queue, 'Arn'] } },
      ...(crowded.includes(id) && { ReservedConcurrentExecutions: 0 }),
    },
  }
}

function restApi(functionId: string): Record<string, object> {
  const RestApiId = { Ref: 'Api' }
  const functionArn = { 'Fn::GetAtt': [functionId, 'Arn'] }
  const Uri = {
    'Fn::Join': ['/', ['arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions', functionArn, 'invocations']],
  }
  const route = (path: string) => ({
    [`${path}Resource`]: {
      Type: 'AWS::ApiGateway::Resource',
      Properties: { RestApiId, ParentId: { 'Fn::GetAtt': ['Api', 'RootResourceId'] }, PathPart: path },
    },
    [`${path}Method`]: {
      Type: 'AWS::ApiGateway::Method',
      Properties: {
        RestApiId,
        ResourceId: { Ref: `${path}Resource` },
        HttpMethod: 'GET',
        AuthorizationType: 'NONE',
        Integration: { Type: 'AWS_PROXY', IntegrationHttpMethod: 'POST', Uri },
      },
    },
  })
  return {
    Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'lapse' } },
    ...route('fail'),
    ...route('slow'),
    ApiPermission: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        FunctionName: { Ref: functionId },
        Action: 'lambda:InvokeFunction',
        Principal: 'apigateway.amazonaws.com',
      },
    },
    Deployment: {
      Type: 'AWS::ApiGateway::Deployment',
      DependsOn: ['failMethod', 'slowMethod'],
      Properties: { RestApiId },
    },
    Stage: {
      Type: 'AWS::ApiGateway::Stage',
      Properties: { RestApiId, DeploymentId: { Ref: 'Deployment' }, StageName: 'v1' },
    },
  }
}

const nothing = async () => undefined
const called = async (path: string) => {
  const { status } = await fetch(`${emulator.endpointUrl}/restapis/${outputs.Api}/v1/_user_request_/${path}`)
  return status
}

describe('the alarms on services of AWS, with shorter periods and ages, on the emulator', () => {
  it('ANO-02 are all at rest in a house where nothing happens', async () => {
    expect({ machine, queue, followers: followers.length }).toEqual({
      machine: expect.stringMatching(/./),
      queue: expect.stringMatching(/./),
      followers: 2,
    })
    await ringing([], nothing)
  }, 60_000)

  it('ANO-02 ring for functions that fail in three periods running, each group for its own, and are over when they work', async () => {
    await ringing(namesOf('function-errors'), () =>
      Promise.all(broken.map(id => invokeFunction(emulator, id, { fail: true }))),
    )
    await ringing([], () => Promise.all(broken.map(id => invokeFunction(emulator, id))))
  }, 120_000)

  it('ANO-02 ring for functions that there is no room for', async () => {
    await ringing(namesOf('function-throttles'), () => Promise.all(crowded.map(id => invokeFunction(emulator, id))))
    await ringing([], nothing)
  }, 120_000)

  it('ANO-02 ring for an execution that fails', async () => {
    await emulator.sfn.send(new StartExecutionCommand({ stateMachineArn: outputs.Machine ?? '' }))

    await ringing(namesOf('executions-broken'), nothing)
    await ringing([], nothing)
  }, 60_000)

  it('ANO-02 ring for an API that answers with a fault of its own, and for one that is slow for three periods', async () => {
    expect(await called('fail')).toBe(502)
    await ringing(namesOf('api-errors'), nothing)
    await ringing([], nothing)

    await ringing(namesOf('api-latency'), () => called('slow'))
    await ringing([], nothing)
  }, 120_000)

  it('ANO-02 ring for what was given up after three tries, until somebody has seen to it', async () => {
    const [failing = ''] = broken
    await signedFetch('POST', `${emulator.endpointUrl}/2015-03-31/functions/${failing}/invocations`, {
      credentials: emulator.rootCredentials,
      service: 'lambda',
      headers: { 'x-amz-invocation-type': 'Event' },
      body: JSON.stringify({ fail: true }),
    })

    await ringing(namesOf('dead-letters'), nothing)
    await emulator.json('sqs', 'AmazonSQS.PurgeQueue', { QueueUrl: outputs.Queue })
    await ringing([], nothing)
  }, 120_000)

  it('ANO-02 ring for a stream whose functions cannot take a record, and are over when they took it', async () => {
    await emulator.json('dynamodb', 'DynamoDB_20120810.PutItem', { TableName: 'ledger', Item: { pk: { S: 'poison' } } })

    const behind = namesOf('stream-behind')
    await ringing(behind, nothing)
    await ringing([], nothing)
  }, 120_000)
})
