import { Stack } from 'aws-cdk-lib'
import { type IManagedPolicy, ManagedPolicy, PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam'
import { Construct } from 'constructs'

/**
 * X-Ray for functions and the workflow: which ran, when, for how long. Neither puts a URL or an event into a segment. The stage of the
 * API is not traced, because its segments hold the path, and the path of a link is a credential.
 */
export class Tracing extends Construct {
  readonly #policy: ManagedPolicy

  /** The one of the stack. */
  static of(scope: Construct): Tracing {
    const stack = Stack.of(scope)
    const there = stack.node.tryFindChild('Tracing')
    return there instanceof Tracing ? there : new Tracing(stack, 'Tracing')
  }

  private constructor(scope: Construct, id: string) {
    super(scope, id)
    this.#policy = new ManagedPolicy(this, 'Policy', { path: '/lapse/service/', statements: [TRACING] })
  }

  /** Lets the role trace. Lambda refuses a traced function whose role may not, so the function depends on what this gives back. */
  allow(role: Role): IManagedPolicy {
    this.#policy.attachToRole(role)
    return this.#policy
  }
}

/** Actions of X-Ray know no resources. */
const SENDING = ['xray:PutTraceSegments', 'xray:PutTelemetryRecords']
const TRACING = new PolicyStatement({ sid: 'TraceItsRuns', actions: SENDING, resources: ['*'] })

/** Step Functions asks besides what it is to sample: https://docs.aws.amazon.com/step-functions/latest/dg/xray-iam.html */
export const TRACING_EXECUTIONS = new PolicyStatement({
  sid: 'TraceExecutions',
  actions: [...SENDING, 'xray:GetSamplingRules', 'xray:GetSamplingTargets'],
  resources: ['*'],
})
