import type { ApiEvent } from '../../lambdas/runtime/api.ts'
import { arnOf } from './world.ts'

export interface CallOverrides {
  /** Person id of the cast; without one nobody signed. */
  readonly person?: string | undefined
  readonly userArn?: string | undefined
  readonly uniqueId?: string | undefined
  readonly method?: string
  /** `/requests/{id}?limit=5` with its values filled in. */
  readonly path?: string
  /** A text is sent as it is, anything else as JSON. */
  readonly body?: unknown
  readonly headers?: ApiEvent['headers']
  readonly isBase64Encoded?: boolean
  readonly sourceIp?: string
}

/** A call as API Gateway hands it to a function after it verified the signature. */
export function aSignedCall({ person = 'alice', ...rest }: CallOverrides = {}): ApiEvent {
  return aCall({ person, ...rest })
}

export function aCall(overrides: CallOverrides = {}): ApiEvent {
  const { person, method = 'GET', path = '/requests', body, headers = {}, isBase64Encoded = false } = overrides
  const [pathOnly = '', query] = path.split('?')
  const [, collection, first] = pathOnly.split('/')
  const parameter = collection === 'decide' ? 'token' : 'id'
  const userArn = overrides.userArn ?? (person === undefined ? null : arnOf(person))
  return {
    httpMethod: method,
    headers,
    body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
    isBase64Encoded,
    pathParameters: first === undefined || first === 'preview' ? null : { [parameter]: first },
    queryStringParameters: query === undefined ? null : Object.fromEntries(new URLSearchParams(query)),
    requestContext: contextOf(
      method,
      pathOnly,
      userArn,
      overrides.uniqueId ?? (userArn && uniqueIdOf(person)),
      overrides.sourceIp ?? '192.0.2.1',
    ),
  }
}

/** The unique id API Gateway passes on, the one the user has in `aWorld()`. */
export function uniqueIdOf(person = 'alice'): string {
  const number = ['alice', 'bob', 'carol', 'dave', 'erin', 'adam', 'audrey'].indexOf(person) + 1
  return `AIDA${String(number).padStart(17, '0')}`
}

function contextOf(
  httpMethod: string,
  path: string,
  userArn: string | null,
  caller: string | null,
  sourceIp: string,
): ApiEvent['requestContext'] {
  return {
    accountId: '111122223333',
    apiId: 'api',
    authorizer: null,
    protocol: 'HTTP/1.1',
    httpMethod,
    path,
    stage: 'live',
    requestId: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef',
    requestTimeEpoch: 0,
    resourceId: 'resource',
    resourcePath: path,
    identity: {
      accessKey: null,
      accountId: userArn && '111122223333',
      apiKey: null,
      apiKeyId: null,
      caller,
      clientCert: null,
      cognitoAuthenticationProvider: null,
      cognitoAuthenticationType: null,
      cognitoIdentityId: null,
      cognitoIdentityPoolId: null,
      principalOrgId: null,
      sourceIp,
      user: caller,
      userAgent: 'curl',
      userArn,
    },
  }
}
