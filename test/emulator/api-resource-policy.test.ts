import { CreateAccessKeyCommand, CreateUserCommand, PutUserPolicyCommand } from '@aws-sdk/client-iam'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { App, Stack } from 'aws-cdk-lib'
import { PolicyDocument } from 'aws-cdk-lib/aws-iam'
import { anybodyMayCall, decisionsNeedMfa, SIGNED_DECISION } from '../../lib/decision-mfa.ts'
import { type BareEmulator, startBareEmulator } from '../support/bare-emulator.ts'
import { createStack, inlineFunction } from '../support/cloudformation-stack.ts'
import { type Credentials, signedFetch } from '../support/signed-fetch.ts'

const HANDLER = `exports.handler = async () => ({ statusCode: 200, body: 'reached' })`
const DECISION = '/requests/x/decision'

let emulator: BareEmulator
let apiUrl: string
let carol: Credentials
let dave: Credentials

beforeAll(async () => {
  emulator = await startBareEmulator()
  const resources = { ...inlineFunction('api', HANDLER), ...restApi() }
  await createStack(emulator, 'api', resources, { ApiId: { Ref: 'Api' } })
  apiUrl = `${emulator.endpointUrl}/restapis/lapse/v1/_user_request_`
  carol = await keysOf('carol')
  dave = await keysOf('dave')
  const Statement = [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: '*' }]
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
  await emulator.iam.send(new PutUserPolicyCommand({ UserName: 'carol', PolicyName: 'call', PolicyDocument }))
}, 30_000)

afterAll(() => emulator.stop())

async function keysOf(UserName: string): Promise<Credentials> {
  await emulator.iam.send(new CreateUserCommand({ UserName }))
  const { AccessKey } = await emulator.iam.send(new CreateAccessKeyCommand({ UserName }))
  return { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' }
}

/** The policy of the stack, on an API with a signed decision, another signed route, the page of links, and a page nobody opened. */
function restApi(): Record<string, object> {
  const statements = [decisionsNeedMfa(), anybodyMayCall('GET /decide')]
  const Policy: unknown = new Stack(new App()).resolve(new PolicyDocument({ statements }))
  const RestApiId = { Ref: 'Api' }
  const Uri = {
    'Fn::Join': [
      '/',
      [
        'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions',
        { 'Fn::GetAtt': ['api', 'Arn'] },
        'invocations',
      ],
    ],
  }
  const part = (name: string, parent: object, PathPart: string) => ({
    [name]: { Type: 'AWS::ApiGateway::Resource', Properties: { RestApiId, ParentId: parent, PathPart } },
  })
  const method = (name: string, resource: string, AuthorizationType: 'AWS_IAM' | 'NONE', HttpMethod: string) => ({
    [name]: {
      Type: 'AWS::ApiGateway::Method',
      Properties: {
        RestApiId,
        ResourceId: { Ref: resource },
        HttpMethod,
        AuthorizationType,
        Integration: { Type: 'AWS_PROXY', IntegrationHttpMethod: 'POST', Uri },
      },
    },
  })
  const root = { 'Fn::GetAtt': ['Api', 'RootResourceId'] }
  const methods = {
    ...method('Decide', 'Decision', 'AWS_IAM', 'POST'),
    ...method('Ask', 'Requests', 'AWS_IAM', 'POST'),
    ...method('Page', 'Link', 'NONE', 'GET'),
    ...method('Shut', 'Other', 'NONE', 'GET'),
  }
  return {
    Api: {
      Type: 'AWS::ApiGateway::RestApi',
      Properties: { Name: 'lapse', Policy, Tags: [{ Key: 'ms-custom-id', Value: 'lapse' }] },
    },
    ...part('Requests', root, 'requests'),
    ...part('One', { Ref: 'Requests' }, '{id}'),
    ...part('Decision', { Ref: 'One' }, 'decision'),
    ...part('Link', root, 'decide'),
    ...part('Other', root, 'other'),
    ...methods,
    Deployment: {
      Type: 'AWS::ApiGateway::Deployment',
      DependsOn: Object.keys(methods),
      Properties: { RestApiId, StageName: 'v1' },
    },
    Permission: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        FunctionName: { Ref: 'api' },
        Action: 'lambda:InvokeFunction',
        Principal: 'apigateway.amazonaws.com',
      },
    },
  }
}

describe('the resource policy of an API that demands MFA of decisions', () => {
  const statusOf = async (method: 'GET' | 'POST', path: string, credentials?: Credentials) =>
    (await signedFetch(method, `${apiUrl}${path}`, credentials && { credentials })).status

  it('APP-09 denies a signed decision without MFA to who may call everything', async () => {
    expect(SIGNED_DECISION).toBe('POST /requests/{id}/decision')
    expect(await statusOf('POST', DECISION, carol)).toBe(403)
  })

  it('APP-09 leaves the other signed routes to who may call them, and to nobody else', async () => {
    expect(await statusOf('POST', '/requests', carol)).toBe(200)
    expect(await statusOf('POST', '/requests', dave)).toBe(403)
    expect(await statusOf('POST', '/requests')).toBe(403)
  })

  it('APP-01 leaves the pages behind links open, and only those', async () => {
    expect(await statusOf('GET', '/decide')).toBe(200)
    expect(await statusOf('GET', '/other')).toBe(403)
  })
})
