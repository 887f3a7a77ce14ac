import { CustomResource, Duration, Stack } from 'aws-cdk-lib'
import { Construct, type IConstruct } from 'constructs'
import type { Env as DrainGrantsEnv } from '../lambdas/handlers/drain-grants/env.ts'
import type { CheckedAccess } from './checked-access.ts'
import { sweepPermissions } from './iam/sweep-permissions.ts'
import { LapseFunction } from './lapse-function.ts'
import type { LedgerTable } from './ledger-table.ts'
import type { Mail } from './mail.ts'
import { needs, permission } from './need.ts'

export interface DrainProps {
  readonly checked: CheckedAccess
  readonly ledger: LedgerTable
  readonly mail: Mail
  /** Everything that makes or ends grants: all of it outlives the drain. */
  readonly before: readonly IConstruct[]
}

/**
 * Deleting the stack ends every grant first. CloudFormation deletes in the reverse order of the dependencies, so this resource, which
 * depends on all the others, goes first; if IAM still shows a grant then, the deletion fails and everything stays.
 */
export class Drain extends Construct {
  constructor(scope: Construct, id: string, { checked, ledger, mail, before }: DrainProps) {
    super(scope, id)
    const drain = new LapseFunction<DrainGrantsEnv>(this, 'DrainGrants', {
      checked,
      folder: 'drain-grants',
      does: 'ends every grant before the stack is deleted',
      needs: needs(ledger.toWrite(), mail.toSend(), permission(...sweepPermissions(Stack.of(this)))),
      timeout: Duration.minutes(10),
    })
    const resource = new CustomResource(this, 'Resource', {
      serviceToken: drain.function.functionArn,
      resourceType: 'Custom::LapseDrain',
    })
    resource.node.addDependency(drain, ...before)
  }
}
