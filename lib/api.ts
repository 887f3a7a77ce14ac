import { RemovalPolicy, Stack } from 'aws-cdk-lib'
import {
  AccessLogField,
  AccessLogFormat,
  AuthorizationType,
  EndpointType,
  LambdaIntegration,
  LogGroupLogDestination,
  ResponseType,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway'
import { PolicyDocument } from 'aws-cdk-lib/aws-iam'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import { anybodyMayCall, decisionsNeedMfa } from './decision-mfa.ts'

const STAGE = 'v1'

/**
 * The API. Every method is signed (AWS_IAM) unless it says `open`; open are only the pages whose path is the credential.
 * The access log names the route, never the path, because a path may hold a token.
 */
export class Api extends Construct {
  readonly api: RestApi
  readonly #policy: PolicyDocument | undefined

  constructor(scope: Construct, id: string, { decidesWithMfa }: ApiProps) {
    super(scope, id)
    this.#policy = decidesWithMfa ? new PolicyDocument({ statements: [decisionsNeedMfa()] }) : undefined
    const logs = new LogGroup(this, 'Access', {
      retention: RetentionDays.ONE_YEAR,
      removalPolicy: RemovalPolicy.RETAIN,
    })
    this.api = new RestApi(this, 'Api', {
      restApiName: 'lapse',
      description: 'Lapse: ask for, approve and review access',
      endpointTypes: [EndpointType.REGIONAL],
      cloudWatchRole: true,
      cloudWatchRoleRemovalPolicy: RemovalPolicy.RETAIN,
      ...(this.#policy && { policy: this.#policy }),
      defaultMethodOptions: { authorizationType: AuthorizationType.IAM },
      deployOptions: {
        stageName: STAGE,
        throttlingRateLimit: 50,
        throttlingBurstLimit: 100,
        accessLogDestination: new LogGroupLogDestination(logs),
        accessLogFormat: ACCESS_LOG,
      },
    })
    for (const [name, problem] of Object.entries(PROBLEMS)) this.#answer(name, problem)
  }

  /** The address without a slash at its end. Does not depend on the deployment, so a function may know it that the API calls. */
  get url(): string {
    const { region, urlSuffix } = Stack.of(this)
    return `https://${this.api.restApiId}.execute-api.${region}.${urlSuffix}/${STAGE}`
  }

  /** A route: `POST /requests/{id}/cancel`. */
  route(route: string, handler: IFunction, { isOpen = false }: { readonly isOpen?: boolean } = {}): this {
    const [method = '', path = ''] = route.split(' ')
    const authorizationType = isOpen ? AuthorizationType.NONE : AuthorizationType.IAM
    if (isOpen) this.#policy?.addStatements(anybodyMayCall(route))
    this.api.root.resourceForPath(path).addMethod(method, new LambdaIntegration(handler), { authorizationType })
    return this
  }

  /** What API Gateway answers by itself, in the shape in which Lapse answers. */
  #answer(name: string, { type, status, code, detail, wouldPass }: GatewayProblem): void {
    const body = JSON.stringify({
      type: `urn:lapse:problem:${code}`,
      title: 'Refused',
      status,
      code,
      detail,
      wouldPass,
    })
    this.api.addGatewayResponse(name, {
      type,
      ...(status !== undefined && { statusCode: String(status) }),
      responseHeaders: { 'Content-Type': "'application/problem+json'", 'Cache-Control': "'no-store'" },
      templates: { 'application/json': body },
    })
  }
}

export interface ApiProps {
  /** Whether signed decisions are taken only from sessions that began with MFA. */
  readonly decidesWithMfa: boolean
}

interface GatewayProblem {
  readonly type: ResponseType
  /** Without one each kind of refusal keeps its own. */
  readonly status?: number
  readonly code: string
  readonly detail: string
  readonly wouldPass: string
}

const SIGNED = 'a route of docs/api.md, called with a SigV4 signature for the service execute-api'
const PROBLEMS: Readonly<Record<string, GatewayProblem>> = {
  Unsigned: {
    type: ResponseType.MISSING_AUTHENTICATION_TOKEN,
    status: 403,
    code: 'unsigned',
    detail: 'The call is not signed, or there is no such route.',
    wouldPass: SIGNED,
  },
  WrongSignature: {
    type: ResponseType.INVALID_SIGNATURE,
    status: 403,
    code: 'wrong-signature',
    detail: 'The signature does not fit the call or its key.',
    wouldPass: SIGNED,
  },
  NotAllowed: {
    type: ResponseType.ACCESS_DENIED,
    status: 403,
    code: 'not-allowed-to-call',
    detail: 'Your IAM policies do not allow execute-api:Invoke on this route, or it needs a session begun with MFA.',
    wouldPass: 'a principal that may invoke the API; for a decision perhaps one whose session was begun with MFA',
  },
  ExpiredKey: {
    type: ResponseType.EXPIRED_TOKEN,
    status: 403,
    code: 'expired-credentials',
    detail: 'The session behind the signature has expired.',
    wouldPass: 'a call signed with fresh credentials',
  },
  Stopped: {
    type: ResponseType.WAF_FILTERED,
    status: 403,
    code: 'stopped-by-firewall',
    detail: 'Too many calls came from your address within five minutes, or this one looks like an attack.',
    wouldPass: 'the same call some minutes later',
  },
  TooLarge: {
    type: ResponseType.REQUEST_TOO_LARGE,
    status: 413,
    code: 'body-too-large',
    detail: 'The body is too large.',
    wouldPass: 'a body of at most 16384 bytes',
  },
  Other: {
    type: ResponseType.DEFAULT_4XX,
    code: 'refused-by-gateway',
    detail:
      'The call was refused before it reached Lapse: an unknown or inactive key, too many calls, or a malformed call.',
    wouldPass: SIGNED,
  },
  Broken: {
    type: ResponseType.DEFAULT_5XX,
    status: 500,
    code: 'internal',
    detail: 'Nothing is known to have changed. Try again.',
    wouldPass: 'the same call again, with its Idempotency-Key',
  },
}

const ACCESS_LOG = AccessLogFormat.custom(
  JSON.stringify({
    requestId: AccessLogField.contextRequestId(),
    at: AccessLogField.contextRequestTime(),
    ip: AccessLogField.contextIdentitySourceIp(),
    caller: AccessLogField.contextCallerAccountId(),
    route: `${AccessLogField.contextHttpMethod()} ${AccessLogField.contextResourcePath()}`,
    status: AccessLogField.contextStatus(),
    answeredBy: AccessLogField.contextErrorResponseType(),
    integrationStatus: AccessLogField.contextIntegrationStatus(),
    firewall: AccessLogField.contextWafResponseCode(),
    latencyMs: AccessLogField.contextResponseLatency(),
  }),
)
