import { Duration, RemovalPolicy, Stage } from 'aws-cdk-lib'
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import {
  Architecture,
  Code,
  type IFunction,
  Function as LambdaFunction,
  Runtime,
  Tracing as TracingMode,
} from 'aws-cdk-lib/aws-lambda'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import { bundle } from './bundle.ts'
import type { CheckedAccess } from './checked-access.ts'
import { reservedExecutions } from './concurrency.ts'
import type { FailureQueue } from './failures.ts'
import type { Need } from './need.ts'
import { Tracing } from './tracing.ts'

export interface LapseFunctionProps<Env> {
  /** Folder below lambdas/handlers. */
  readonly folder: string
  readonly does: string
  readonly checked: CheckedAccess
  readonly needs: Need<Extract<keyof Env, string>>
  readonly timeout?: Duration
  readonly memorySize?: number
  /** For a function that is started and not waited for: where its failures are left. */
  readonly failures?: FailureQueue
}

/** A function at one version. */
export interface PinnedFunction {
  readonly version: IFunction
  /** Every version there was and will be: who calls this one must be able to call those before it to their end. */
  readonly everyVersionArn: string
}

/**
 * A Lambda function with a role of its own under `/lapse/`, its permissions in one managed policy, its log group, and the access
 * file built in: a change of the access file is a change of the code, visible in `cdk diff`.
 */
export class LapseFunction<Env> extends Construct {
  readonly function: LambdaFunction
  readonly role: Role
  readonly logGroup: LogGroup

  constructor(
    scope: Construct,
    id: string,
    { folder, does, checked, needs, timeout, memorySize, failures }: LapseFunctionProps<Env>,
  ) {
    super(scope, id)
    this.logGroup = new LogGroup(this, 'Logs', {
      retention: RetentionDays.ONE_YEAR,
      removalPolicy: RemovalPolicy.RETAIN,
    })
    this.role = new Role(this, 'Role', {
      path: '/lapse/',
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `Lapse: ${does}`,
    })
    // The policy names the role, not the role the policy: a function may then be allowed what depends on the function.
    const policy = new ManagedPolicy(this, 'Policy', {
      path: '/lapse/service/',
      roles: [this.role],
      statements: [
        new PolicyStatement({
          sid: 'WriteItsLog',
          actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          resources: [this.logGroup.logGroupArn],
        }),
        ...needs.statements,
        ...(failures?.toReport().statements ?? []),
      ],
    })
    this.function = new LambdaFunction(this, 'Function', {
      description: `Lapse: ${does}`,
      code: Code.fromAsset(bundle(folder, Stage.of(this)?.outdir ?? 'cdk.out', checked)),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: memorySize ?? 512,
      timeout: timeout ?? Duration.seconds(20),
      role: this.role.withoutPolicyUpdates(),
      logGroup: this.logGroup,
      environment: { ...needs.environment },
      tracing: TracingMode.ACTIVE,
      reservedConcurrentExecutions: reservedExecutions(folder),
      ...(failures && { deadLetterQueue: failures.queue }),
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN },
    })
    this.function.node.addDependency(Tracing.of(this).allow(this.role))
    // Lambda refuses a queue for failures that the role may not send to.
    if (failures) this.function.node.addDependency(policy)
  }

  /** The code as it is now, kept when newer code is deployed: an execution that runs goes on with the code it started with. */
  pinned(): PinnedFunction {
    const version = LambdaFunction.fromFunctionArn(this, 'Pinned', this.function.currentVersion.functionArn)
    return { version, everyVersionArn: `${this.function.functionArn}:*` }
  }
}
