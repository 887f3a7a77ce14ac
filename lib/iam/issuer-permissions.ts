import type { Stack } from 'aws-cdk-lib'
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { grantPolicies } from './grant-arns.ts'

const TAGS = ['lapse:managed', 'lapse:request', 'lapse:expires', 'lapse:hash']

/** The issuer writes grant policies and can attach nothing: a policy that nobody has is no right. */
export function issuerPermissions(stack: Stack): readonly PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'AuthorGrantPoliciesOnly',
      actions: ['iam:CreatePolicy', 'iam:TagPolicy'],
      resources: [grantPolicies(stack)],
      conditions: {
        StringEquals: { 'aws:RequestTag/lapse:managed': 'true' },
        'ForAllValues:StringEquals': { 'aws:TagKeys': TAGS },
      },
    }),
    new PolicyStatement({
      sid: 'ReadBackWhatWasAuthored',
      actions: ['iam:GetPolicy', 'iam:GetPolicyVersion'],
      resources: [grantPolicies(stack)],
    }),
    new PolicyStatement({
      sid: 'NeverRewriteNeverAttach',
      effect: Effect.DENY,
      actions: [
        'iam:CreatePolicyVersion',
        'iam:SetDefaultPolicyVersion',
        'iam:Attach*',
        'iam:Detach*',
        'iam:Put*',
        'iam:Update*',
        'iam:Add*',
        'iam:CreateRole',
        'iam:CreateUser',
        'iam:CreateAccessKey',
        'iam:CreateLoginProfile',
        'iam:PassRole',
        'sts:AssumeRole',
      ],
      resources: ['*'],
    }),
  ]
}
