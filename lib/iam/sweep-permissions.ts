import type { Stack } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { grantPolicies } from './grant-arns.ts'
import { revokerPermissions } from './revoker-permissions.ts'

/** The sweep and the freeze take away like the revoker, and may look for what there is. `iam:ListPolicies` knows no resources. */
export function sweepPermissions(stack: Stack): readonly PolicyStatement[] {
  const find = new PolicyStatement({ sid: 'FindGrantPolicies', actions: ['iam:ListPolicies'], resources: ['*'] })
  const read = new PolicyStatement({
    sid: 'CompareGrantPolicies',
    actions: ['iam:GetPolicyVersion'],
    resources: [grantPolicies(stack)],
  })
  return [...revokerPermissions(stack), find, read]
}
