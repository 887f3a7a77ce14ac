import type { Stack } from 'aws-cdk-lib'
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { grantPolicies, iamArn } from './grant-arns.ts'

/**
 * The revoker takes grant policies away from anybody and deletes them; it can give nothing. It is bound to grant policies, or it
 * could strip somebody of a guardrail, and to nothing else: removing must be easier than granting.
 */
export function revokerPermissions(stack: Stack): readonly PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'DetachGrantPoliciesFromAnyone',
      actions: ['iam:DetachUserPolicy', 'iam:DetachRolePolicy', 'iam:DetachGroupPolicy'],
      resources: [iamArn(stack, 'user/*'), iamArn(stack, 'role/*'), iamArn(stack, 'group/*')],
      conditions: { ArnLike: { 'iam:PolicyARN': grantPolicies(stack) } },
    }),
    new PolicyStatement({
      sid: 'DeleteGrantPolicies',
      actions: [
        'iam:DeletePolicy',
        'iam:DeletePolicyVersion',
        'iam:GetPolicy',
        'iam:ListPolicyVersions',
        'iam:ListEntitiesForPolicy',
      ],
      resources: [grantPolicies(stack)],
    }),
    new PolicyStatement({
      sid: 'CanOnlyRemove',
      effect: Effect.DENY,
      actions: [
        'iam:Attach*',
        'iam:Create*',
        'iam:Put*',
        'iam:Update*',
        'iam:Add*',
        'iam:SetDefaultPolicyVersion',
        'iam:PassRole',
        'sts:AssumeRole',
      ],
      resources: ['*'],
    }),
  ]
}
