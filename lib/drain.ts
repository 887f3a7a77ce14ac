import { CustomResource, Duration, Stack } from 'aws-cdk-lib'
import { Construct, type IConstruct } from 'constructs'
import { BY_OPEN } from '../lambdas/contract/keys.ts'
import type { Env as DrainGrantsEnv } from '../lambdas/handlers/drain-grants/env.ts'
import type { CheckedAccess } from './checked-access.ts'
import type { FailureQueue } from './failures.ts'
import { sweepPermissions } from './iam/sweep-permissions.ts'
import { LapseFunction } from './lapse-function.ts'
import type { LedgerTable } from './ledger-table.ts'
import type { Mail } from './mail.ts'
import { needs, permission } from './need.ts'
import { Workflow } from './workflow.ts'

export interface DrainProps {
  readonly checked: CheckedAccess
  readonly ledger: LedgerTable
  readonly mail: Mail
  readonly failures: FailureQueue
  readonly workflow: Workflow
  /** Everything that makes or ends grants: all of it outlives the drain. */
  readonly before: readonly IConstruct[]
}

/**
 * Deleting the stack ends every grant first. CloudFormation deletes in the reverse order of the dependencies, so this resource, which
 * depends on all the others, goes first; if IAM still shows a grant then, the deletion fails and everything stays.
 */
export class Drain extends Construct {
  readonly drains: LapseFunction<DrainGrantsEnv>
  readonly #resource: CustomResource

  constructor(scope: Construct, id: string, { checked, ledger, mail, failures, workflow, before }: DrainProps) {
    super(scope, id)
    const closing = ledger.toUse({ reads: ['taskTokens'], writes: ['requests', 'freeze'], finds: [BY_OPEN] })
    const toClose = Workflow.toClose(workflow.stateMachine.stateMachineArn)
    const drain = new LapseFunction<DrainGrantsEnv>(this, 'DrainGrants', {
      checked,
      folder: 'drain-grants',
      does: 'ends every grant before the stack is deleted',
      needs: needs(closing, mail.toSend(), toClose, permission(...sweepPermissions(Stack.of(this)))),
      timeout: Duration.minutes(10),
      failures,
    })
    const resource = new CustomResource(this, 'Resource', {
      serviceToken: drain.function.functionArn,
      resourceType: 'Custom::LapseDrain',
    })
    resource.node.addDependency(drain, ...before)
    this.drains = drain
    this.#resource = resource
  }

  /** Something more outlives the drain. */
  goesBefore(construct: IConstruct): void {
    this.#resource.node.addDependency(construct)
  }
}
