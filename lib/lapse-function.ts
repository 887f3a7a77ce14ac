import { Duration, RemovalPolicy, Stage } from 'aws-cdk-lib'
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Architecture, Code, type IFunction, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import type { AccessFile } from '../lambdas/domain/access-file.ts'
import { bundle } from './bundle.ts'
import type { Need } from './need.ts'

/** The checked access file and its hash, as every function is built with it. */
export interface CheckedAccess {
  readonly access: AccessFile
  readonly hash: string
}

export interface LapseFunctionProps<Env> {
  /** Folder below lambdas/handlers. */
  readonly folder: string
  readonly does: string
  readonly checked: CheckedAccess
  readonly needs: Need<Extract<keyof Env, string>>
  readonly timeout?: Duration
  readonly memorySize?: number
}

/**
 * A Lambda function with a role of its own under `/lapse/`, its permissions in one managed policy, its log group, and the access
 * file built in: a change of the access file is a change of the code, visible in `cdk diff`.
 */
export class LapseFunction<Env> extends Construct {
  readonly function: IFunction
  readonly role: Role
  readonly logGroup: LogGroup

  constructor(
    scope: Construct,
    id: string,
    { folder, does, checked, needs, timeout, memorySize }: LapseFunctionProps<Env>,
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
    new ManagedPolicy(this, 'Policy', {
      path: '/lapse/service/',
      roles: [this.role],
      statements: [
        new PolicyStatement({
          sid: 'WriteItsLog',
          actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          resources: [this.logGroup.logGroupArn],
        }),
        ...needs.statements,
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
    })
  }
}
