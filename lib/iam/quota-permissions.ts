import type { Stack } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { AccessFile } from '../../lambdas/domain/access-file.ts'
import { lookAtPeople } from './applier-permissions.ts'

/** To see, before anybody is asked, whether the principal is fit for a grant and IAM has room for one more. `iam:GetAccountSummary` knows no resources. */
export function quotaPermissions(stack: Stack, access: AccessFile): readonly PolicyStatement[] {
  return [
    ...lookAtPeople(stack, access),
    new PolicyStatement({ sid: 'CountPolicies', actions: ['iam:GetAccountSummary'], resources: ['*'] }),
  ]
}
