import type { Stack } from 'aws-cdk-lib'
import { GRANT_PATH } from '../../lambdas/domain/grant.ts'

/** Every policy a grant may have. */
export function grantPolicies(stack: Stack): string {
  return iamArn(stack, `policy${GRANT_PATH}*`)
}

/** An IAM thing by its path: `user/people/alice`, `role/lapse/*`. */
export function iamArn(stack: Stack, path: string): string {
  const [resource = '', ...name] = path.split('/')
  return stack.formatArn({ service: 'iam', region: '', resource, resourceName: name.join('/') })
}
