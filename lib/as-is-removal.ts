import { Annotations, CustomResource, Stack } from 'aws-cdk-lib'
import { type IRole, ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { Construct } from 'constructs'
import { type AccessFile, asIsPolicies } from '../lambdas/domain/access-file.ts'
import { digest } from '../lambdas/domain/digest.ts'
import { iamArn } from './iam/grant-arns.ts'
import type { LapseFunction } from './lapse-function.ts'
import type { LedgerTable, Rows } from './ledger-table.ts'

export interface AsIsRemovalProps {
  readonly access: AccessFile
  readonly ledger: LedgerTable
  /** Whoever ends grants. */
  readonly removers: readonly IRole[]
  readonly drains: LapseFunction<never>
}

/**
 * The right to take away the AWS-managed policies that are attached as they are, and no others.
 *
 * Which ones these are is in the access file, and a grant of yesterday's file may still be in force. So both resources are named after
 * the policies: with another list CloudFormation makes new ones, goes on with everything else, and deletes the old ones at last, first
 * the custom resource, whose function ends the grants of policies that are no longer listed, then the right to do so.
 */
export class AsIsRemoval extends Construct {
  constructor(scope: Construct, id: string, { access, ledger, removers, drains }: AsIsRemovalProps) {
    super(scope, id)
    const stack = Stack.of(this)
    const policies = asIsPolicies(access)
    const names = AsIsRemoval.namesOf(access)
    const policy = new ManagedPolicy(this, names.right, {
      path: '/lapse/service/',
      roles: [...removers],
      statements: [
        new PolicyStatement({
          sid: 'DetachThesePoliciesOnly',
          actions: ['iam:DetachUserPolicy'],
          resources: [iamArn(stack, 'user/*')],
          conditions: { ArnEquals: { 'iam:PolicyARN': policies } },
        }),
        new PolicyStatement({
          sid: 'LookWhatIsAttached',
          actions: ['iam:ListAttachedUserPolicies'],
          resources: [iamArn(stack, 'user/*')],
        }),
        ...ledger.toUse({ writes: ['leases'] }).statements,
      ],
    })
    const resource = new CustomResource(this, names.grants, {
      serviceToken: drains.function.functionArn,
      resourceType: 'Custom::LapseAsIs',
      properties: { policies },
    })
    resource.node.addDependency(policy, drains)
    warnOfNoFence(stack, access)
  }

  /** Other policies, other names. */
  static namesOf(access: AccessFile): { readonly right: string; readonly grants: string } {
    const name = digest(asIsPolicies(access)).slice(0, 8)
    return { right: `Policy${name}`, grants: `Grants${name}` }
  }
}

/** The rows of leases, where anything is leased. */
export function leasesIfAny(access: AccessFile): readonly Extract<Rows, 'leases'>[] {
  return asIsPolicies(access).length > 0 ? ['leases'] : []
}

/** Says at synth, of each entitlement, what it means that its policy is attached as it is. */
function warnOfNoFence(stack: Stack, { entitlements }: AccessFile): void {
  for (const { id, managedPolicy } of Object.values(entitlements)) {
    if (!managedPolicy?.asIs) continue
    Annotations.of(stack).addWarningV2(
      `lapse:noFence:${id}`,
      `${id} attaches ${managedPolicy.arn} as it is, without a fence: its grants end when they are taken away, not by the clock of ` +
        `AWS. Reason given: ${managedPolicy.asIs.because}`,
    )
  }
}
