import type { Stack } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { revokerPermissions } from './revoker-permissions.ts'

/** The sweep and the freeze take away like the revoker, and may look for what there is. `iam:ListPolicies` knows no resources. */
export function sweepPermissions(stack: Stack): readonly PolicyStatement[] {
  const find = new PolicyStatement({ sid: 'FindGrantPolicies', actions: ['iam:ListPolicies'], resources: ['*'] })
  return [...revokerPermissions(stack), find]
}
