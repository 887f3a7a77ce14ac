import * as z from 'zod/mini'
import { $StoredInstant } from './rows.ts'

/** What changes who may do what in IAM, as CloudTrail names it; the rule in lib/outside.ts lets these through and no others. */
export const IAM_CHANGES = [
  'AddUserToGroup',
  'AttachGroupPolicy',
  'AttachRolePolicy',
  'AttachUserPolicy',
  'CreatePolicy',
  'CreatePolicyVersion',
  'CreateRole',
  'DeleteGroupPolicy',
  'DeletePolicy',
  'DeleteRole',
  'DeleteRolePermissionsBoundary',
  'DeleteRolePolicy',
  'DeleteUserPermissionsBoundary',
  'DeleteUserPolicy',
  'DetachGroupPolicy',
  'DetachRolePolicy',
  'DetachUserPolicy',
  'PutGroupPolicy',
  'PutRolePermissionsBoundary',
  'PutRolePolicy',
  'PutUserPermissionsBoundary',
  'PutUserPolicy',
  'RemoveUserFromGroup',
  'SetDefaultPolicyVersion',
  'UpdateAssumeRolePolicy',
] as const

const $Name = z.optional(z.string().check(z.regex(/^[\w+=,.@/-]{1,512}$/)))

/** An API call on IAM as CloudTrail gives it to EventBridge. https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html */
export const $IamChange = z.object({
  'detail-type': z.literal('AWS API Call via CloudTrail'),
  source: z.literal('aws.iam'),
  account: z.string().check(z.regex(/^\d{12}$/)),
  detail: z.object({
    eventID: z.string().check(z.regex(/^[0-9a-f-]{36}$/)),
    eventName: z.enum(IAM_CHANGES),
    eventTime: $StoredInstant,
    userIdentity: z.object({
      type: z.string(),
      arn: z.optional(z.string()),
      invokedBy: z.optional(z.string()),
      sessionContext: z.optional(z.object({ sessionIssuer: z.optional(z.object({ arn: z.optional(z.string()) })) })),
    }),
    requestParameters: z.nullish(
      z.object({
        userName: $Name,
        roleName: $Name,
        groupName: $Name,
        policyName: $Name,
        path: $Name,
        policyArn: z.optional(z.string().check(z.regex(/^arn:[\w:/+=,.@-]{1,2048}$/))),
      }),
    ),
    errorCode: z.nullish(z.string()),
  }),
})
export type IamChange = z.output<typeof $IamChange>
