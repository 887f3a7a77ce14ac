import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import {
  Choice,
  Condition,
  DefinitionBody,
  IntegrationPattern,
  JitterType,
  JsonPath,
  LogLevel,
  StateMachine,
  Succeed,
  TaskInput,
  type TaskStateBase,
  Timeout,
  Wait,
  WaitTime,
} from 'aws-cdk-lib/aws-stepfunctions'
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks'
import { Construct } from 'constructs'
import {
  ASK_ENDED,
  GrantRefusedError,
  MAIL_BOUNCED,
  STAGE_PASSED,
  TokenNotKeptError,
} from '../lambdas/domain/errors.ts'
import type { PinnedFunction } from './lapse-function.ts'
import { type Need, permission } from './need.ts'
import { ServiceRole } from './service-role.ts'
import { workflowStatements } from './workflow-statements.ts'

/** The functions behind the states, by what they do; each at the version of this deployment. */
export interface Steps {
  readonly askApprovers: PinnedFunction
  readonly climbLadder: PinnedFunction
  readonly issuePolicy: PinnedFunction
  readonly attachPolicy: PinnedFunction
  readonly detachPolicy: PinnedFunction
}

/** How long a removal is tried again every five minutes: 28 days of a history's 25,000 events. */
const REMOVAL_ATTEMPTS = 8000

/**
 * One Standard execution for each request:
 *
 *   Ask the approvers → Issue the policy → Attach the policy → Wait until the end → Detach the policy
 *         ↺ Climb the ladder      └────────────────┴── whatever fails ──────────────────↗
 *
 * Inputs carry ids, never documents, and the history is logged without data.
 */
export class Workflow extends Construct {
  readonly stateMachine: StateMachine

  constructor(scope: Construct, id: string, steps: Steps) {
    super(scope, id)
    const logs = new LogGroup(this, 'Logs', { retention: RetentionDays.ONE_YEAR, removalPolicy: RemovalPolicy.RETAIN })
    const service = new ServiceRole(this, 'Service', {
      service: 'states.amazonaws.com',
      does: 'takes the steps of a request',
      statements: workflowStatements(Object.values<PinnedFunction>({ ...steps })),
    })
    this.stateMachine = new StateMachine(this, 'Requests', {
      role: service.role,
      definitionBody: DefinitionBody.fromChainable(this.#definition(steps)),
      comment: 'A request of Lapse from the ask to the proven removal.',
      logs: { destination: logs, level: LogLevel.ALL, includeExecutionData: false },
      tracingEnabled: true,
      removalPolicy: RemovalPolicy.RETAIN,
    })
    this.stateMachine.node.addDependency(service)
  }

  /** To start the execution of a request. */
  toStart(): Need<'STATE_MACHINE_ARN'> {
    const resources = [this.stateMachine.stateMachineArn]
    const start = new PolicyStatement({ sid: 'StartTheWorkflow', actions: ['states:StartExecution'], resources })
    return { environment: { STATE_MACHINE_ARN: this.stateMachine.stateMachineArn }, statements: [start] }
  }

  /** To answer an execution that waits for its approvers. Whoever has a task token and this may approve, so few have it. */
  static toAnswer(stateMachineArn: string): Need<never> {
    const actions = ['states:SendTaskSuccess', 'states:SendTaskFailure']
    return permission(new PolicyStatement({ sid: 'AnswerTheWorkflow', actions, resources: [stateMachineArn] }))
  }

  /** To tell an execution that its request is closed, or its wait over. Nothing can be approved by it. */
  static toClose(stateMachineArn: string): Need<never> {
    const actions = ['states:SendTaskFailure']
    return permission(new PolicyStatement({ sid: 'CloseTheWait', actions, resources: [stateMachineArn] }))
  }

  #definition(steps: Steps) {
    const detach = this.#detach(steps.detachPolicy)
    const over = new Succeed(this, 'Close without a grant', {
      comment: 'Denied, unanswered or cancelled: nothing was made, so nothing is to be removed.',
    })
    const wait = new Wait(this, 'Wait until the end', {
      comment: 'An absolute instant, fixed with the approval: no retry can move it.',
      time: WaitTime.timestampPath('$.notAfter'),
    })
    const attach = this.#attach(steps.attachPolicy).addCatch(detach, CAUGHT)
    const issue = this.#issue(steps.issuePolicy).addCatch(detach, CAUGHT)
    const ask = this.#ask(steps.askApprovers)
    const climb = this.#climb(steps.climbLadder).addCatch(detach, CAUGHT)
    ask
      .addCatch(climb, {
        errors: ['States.Timeout', STAGE_PASSED, MAIL_BOUNCED, TokenNotKeptError.name],
        resultPath: '$.waited',
      })
      .addCatch(over, { errors: [ASK_ENDED], resultPath: '$.closed' })
      .addCatch(detach, CAUGHT)
    climb.next(
      new Choice(this, 'Is the request still open?', { comment: 'Given up, or asked again with a reminder.' })
        .when(Condition.stringEquals('$.outcome', 'waiting'), ask)
        .otherwise(over),
    )
    return ask.next(issue).next(attach).next(wait).next(detach)
  }

  #ask({ version: lambdaFunction }: PinnedFunction): TaskStateBase {
    return new LambdaInvoke(this, 'Ask the approvers', {
      comment:
        'Waits for the answer to this one task token. Tried again only when Lambda had no room to run it: no token was handed out then.',
      lambdaFunction,
      integrationPattern: IntegrationPattern.WAIT_FOR_TASK_TOKEN,
      payload: TaskInput.fromObject({
        requestId: JsonPath.stringAt('$.requestId'),
        contract: JsonPath.numberAt('$.contract'),
        ask: JsonPath.objectAt('$.ask'),
        taskToken: JsonPath.taskToken,
      }),
      taskTimeout: Timeout.at('$.ask.timeoutSeconds'),
      retryOnServiceExceptions: false,
    }).addRetry({ ...TRANSIENT, errors: [NO_ROOM] })
  }

  #climb(step: PinnedFunction): TaskStateBase {
    const comment =
      'The wait ran out, a stage is passed or a mail bounced: ask, remind or ask others too, and wait again, or give up.'
    return this.#step('Climb the ladder', step, comment).addRetry(TRANSIENT)
  }

  #issue(step: PinnedFunction): TaskStateBase {
    const comment = 'Writes the fenced policy. Its role can attach nothing.'
    return this.#step('Issue the policy', step, comment).addRetry(FINAL).addRetry(TRANSIENT)
  }

  #attach(step: PinnedFunction): TaskStateBase {
    const comment =
      'Verifies the document against the approval, attaches it, reads it back. Its role can write no policy.'
    return this.#step('Attach the policy', step, comment).addRetry(FINAL).addRetry(TRANSIENT)
  }

  #detach(step: PinnedFunction): TaskStateBase {
    const comment =
      'Succeeds only when IAM has confirmed that the policy is gone. Never gives up within the life of an execution.'
    const payload = TaskInput.fromObject({
      requestId: JsonPath.stringAt('$.requestId'),
      contract: JsonPath.numberAt('$.contract'),
      retryCount: JsonPath.numberAt('$$.State.RetryCount'),
    })
    return this.#step('Detach the policy', step, comment, payload).addRetry({
      ...TRANSIENT,
      maxAttempts: REMOVAL_ATTEMPTS,
      maxDelay: Duration.minutes(5),
    })
  }

  #step(name: string, { version: lambdaFunction }: PinnedFunction, comment: string, payload?: TaskInput): LambdaInvoke {
    return new LambdaInvoke(this, name, {
      comment,
      lambdaFunction,
      payloadResponseOnly: true,
      ...(payload && { payload }),
      retryOnServiceExceptions: false,
      taskTimeout: Timeout.duration(Duration.seconds(90)),
    })
  }
}

const CAUGHT = { errors: ['States.ALL'], resultPath: '$.failure' }
/** The function was never started: https://docs.aws.amazon.com/lambda/latest/dg/invocation-retries.html */
const NO_ROOM = 'Lambda.TooManyRequestsException'
/** A grant that is refused stays refused. */
const FINAL = { errors: [GrantRefusedError.name], maxAttempts: 0 }
/** About two minutes of tries, spread so that many executions do not knock together. */
const TRANSIENT = {
  errors: ['States.ALL'],
  interval: Duration.seconds(2),
  backoffRate: 2,
  maxAttempts: 6,
  maxDelay: Duration.seconds(60),
  jitterStrategy: JitterType.FULL,
}
