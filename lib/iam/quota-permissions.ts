import type { Stack } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { AccessFile } from '../../lambdas/domain/access-file.ts'
import { peoplePatterns } from './applier-permissions.ts'
import { iamArn } from './grant-arns.ts'

/** To see, before anybody is asked, whether IAM has room for one more grant. `iam:GetAccountSummary` knows no resources. */
export function quotaPermissions(stack: Stack, access: AccessFile): readonly PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'CountWhatIsAttached',
      actions: ['iam:ListAttachedUserPolicies'],
      resources: peoplePatterns(access).map(path => iamArn(stack, path)),
    }),
    new PolicyStatement({ sid: 'CountPolicies', actions: ['iam:GetAccountSummary'], resources: ['*'] }),
  ]
}
