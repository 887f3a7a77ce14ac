import { CreateAccessKeyCommand, CreateUserCommand, PutUserPolicyCommand } from '@aws-sdk/client-iam'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type BareEmulator, startBareEmulator } from '../support/bare-emulator.ts'
import { createStack, inlineFunction } from '../support/cloudformation-stack.ts'
import { type Credentials, signedFetch } from '../support/signed-fetch.ts'

const HANDLER = `exports.handler = async event => {
  if (event.path === '/fail') throw new Error('a secret of the function')
  if (event.path === '/page') return { statusCode: 200, headers: { 'content-type': 'text/html; charset=utf-8', 'x-frame-options': 'DENY' },
    multiValueHeaders: { 'set-cookie': ['a=1', 'b=2'] }, body: '<p>ü</p>' }
  if (event.path === '/file') return { statusCode: 200, headers: { 'content-type': 'application/gzip' }, isBase64Encoded: true, body: 'AP8B/g==' }
  if (event.path === '/moved') return { statusCode: 303, headers: { location: 'https://example.com/x?y=1' }, body: '' }
  return { statusCode: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(event) }
}`
const FORBIDDEN = { status: 403 }

let emulator: BareEmulator
let apiUrl: string
let alice: Credentials
let aliceId: string

beforeAll(async () => {
  emulator = await startBareEmulator()
  const outputs = await createStack(
    emulator,
    'api',
    { ...inlineFunction('api', HANDLER), ...restApi() },
    { ApiId: { Ref: 'Api' } },
  )
  expect(outputs).toEqual({ ApiId: 'lapse' })
  apiUrl = `${emulator.endpointUrl}/restapis/${outputs.ApiId}/v1/_user_request_`

  const { User } = await emulator.iam.send(new CreateUserCommand({ UserName: 'alice', Path: '/people/' }))
  aliceId = User?.UserId ?? ''
  const { AccessKey } = await emulator.iam.send(new CreateAccessKeyCommand({ UserName: 'alice' }))
  alice = { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' }
  const Resource = 'arn:aws:execute-api:us-east-1:000000000000:lapse/v1/GET/requests'
  const Statement = [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource }]
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
  await emulator.iam.send(new PutUserPolicyCommand({ UserName: 'alice', PolicyName: 'call', PolicyDocument }))
}, 30_000)

afterAll(() => emulator.stop())

/** A REST API with the routes of the tests, its gateway responses and a predictable id. */
function restApi(): Record<string, object> {
  const RestApiId = { Ref: 'Api' }
  const functionArn = { 'Fn::GetAtt': ['api', 'Arn'] }
  const Uri = {
    'Fn::Join': ['/', ['arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions', functionArn, 'invocations']],
  }
  const route = (path: string, AuthorizationType: 'AWS_IAM' | 'NONE', HttpMethod: string) => ({
    [`${path}Resource`]: {
      Type: 'AWS::ApiGateway::Resource',
      Properties: { RestApiId, ParentId: { 'Fn::GetAtt': ['Api', 'RootResourceId'] }, PathPart: path },
    },
    [`${path}Method`]: {
      Type: 'AWS::ApiGateway::Method',
      Properties: {
        RestApiId,
        ResourceId: { Ref: `${path}Resource` },
        HttpMethod,
        AuthorizationType,
        Integration: { Type: 'AWS_PROXY', IntegrationHttpMethod: 'POST', Uri },
      },
    },
  })
  const gatewayResponse = (ResponseType: string) => ({
    [`${ResponseType.replaceAll('_', '')}`]: {
      Type: 'AWS::ApiGateway::GatewayResponse',
      Properties: {
        RestApiId,
        ResponseType,
        ResponseParameters: { 'gatewayresponse.header.Content-Type': "'application/problem+json'" },
        ResponseTemplates: { 'application/json': `{"code":"${ResponseType}","detail":$context.error.messageString}` },
      },
    },
  })
  const methods = ['requests', 'decisions', 'page', 'file', 'fail', 'moved']
  const types = ['ACCESS_DENIED', 'MISSING_AUTHENTICATION_TOKEN', 'INVALID_SIGNATURE']
  return {
    Api: {
      Type: 'AWS::ApiGateway::RestApi',
      Properties: {
        Name: 'lapse',
        BinaryMediaTypes: ['application/gzip'],
        Tags: [{ Key: 'ms-custom-id', Value: 'lapse' }],
      },
    },
    ...route('requests', 'AWS_IAM', 'GET'),
    ...route('decisions', 'AWS_IAM', 'POST'),
    ...Object.assign({}, ...methods.slice(2).map(path => route(path, 'NONE', 'GET'))),
    ...Object.assign({}, ...types.map(gatewayResponse)),
    Deployment: {
      Type: 'AWS::ApiGateway::Deployment',
      DependsOn: [...methods.map(path => `${path}Method`), ...types.map(type => type.replaceAll('_', ''))],
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

describe('a method with AWS_IAM', () => {
  it('refuses an unsigned request with the API’s own gateway response', async () => {
    const response = await signedFetch('GET', `${apiUrl}/requests`)

    expect(response).toMatchObject(FORBIDDEN)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(JSON.parse(response.text)).toEqual({
      code: 'MISSING_AUTHENTICATION_TOKEN',
      detail: 'Missing Authentication Token',
    })
  })

  it('refuses a wrong signature', async () => {
    const response = await signedFetch('GET', `${apiUrl}/requests`, {
      credentials: { ...alice, secretAccessKey: 'guessed' },
    })

    expect(response).toMatchObject(FORBIDDEN)
    expect(JSON.parse(response.text)).toMatchObject({ code: 'INVALID_SIGNATURE' })
  })

  it('refuses a caller whose policies do not allow it, and names caller and resource', async () => {
    const response = await signedFetch('POST', `${apiUrl}/decisions`, { credentials: alice, body: '{}' })

    expect(response).toMatchObject(FORBIDDEN)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(JSON.parse(response.text)).toEqual({
      code: 'ACCESS_DENIED',
      detail:
        'User: arn:aws:iam::000000000000:user/people/alice is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:us-east-1:********0000:lapse/v1/POST/decisions',
    })
  })

  it('tells the function who called', async () => {
    const response = await signedFetch('GET', `${apiUrl}/requests?status=ACTIVE&x=%20y`, { credentials: alice })

    const event = JSON.parse(response.text)
    expect(event).toMatchObject({
      httpMethod: 'GET',
      path: '/requests',
      queryStringParameters: { status: 'ACTIVE', x: ' y' },
    })
    expect(event.requestContext.identity).toMatchObject({
      userArn: 'arn:aws:iam::000000000000:user/people/alice',
      caller: aliceId,
      user: aliceId,
      accountId: '000000000000',
      accessKey: alice.accessKeyId,
      sourceIp: '127.0.0.1',
    })
  })

  it('refuses a body that is not the signed one', async () => {
    const headers = { 'x-amz-content-sha256': '0'.repeat(64) }
    const response = await signedFetch('GET', `${apiUrl}/requests`, { credentials: alice, headers })

    expect(response).toMatchObject(FORBIDDEN)
  })
})

describe('a method without authorization', () => {
  it('passes a page through with its headers', async () => {
    const response = await signedFetch('GET', `${apiUrl}/page`)

    expect(response).toMatchObject({ status: 200, text: '<p>ü</p>' })
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(response.headers.get('x-frame-options')).toBe('DENY')
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
  })

  it('decodes a binary body when the request accepts its type', async () => {
    const response = await fetch(`${apiUrl}/file`, { headers: { accept: 'application/gzip' } })

    expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([0x00, 0xff, 0x01, 0xfe])
  })

  it('passes a redirect through', async () => {
    const response = await fetch(`${apiUrl}/moved`, { redirect: 'manual' })

    expect(response.status).toBe(303)
    expect(response.headers.get('location')).toBe('https://example.com/x?y=1')
  })

  it('whose function fails is 502 and does not show its error', async () => {
    const response = await signedFetch('GET', `${apiUrl}/fail`)

    expect(response).toMatchObject({ status: 502, text: '{"message": "Internal server error"}' })
  })
})

it.each([
  ['HEAD', '/page'],
  ['DELETE', '/page'],
  ['GET', '/unknown'],
])('%s %s, which the API does not have, is 403', async (method, path) => {
  expect((await signedFetch(method, `${apiUrl}${path}`)).status).toBe(403)
})
