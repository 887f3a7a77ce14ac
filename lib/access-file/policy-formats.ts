import * as z from 'zod'
import { nearestName } from './nearest-name.ts'

const ACTION = /^[a-z0-9-]+:(?=[A-Za-z0-9*]*[A-Za-z])[A-Za-z0-9*]+$/
const RESOURCE = /^(?:\*|arn:[^:]+:[^:]+:[^:]*:[^:]*:.+)$/su
const CONDITION_KEY = /^[A-Za-z0-9-]+:[^${}*?\s]+$/

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
const OPERATORS = [
  ...['StringEquals', 'StringNotEquals', 'StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase'],
  ...['StringLike', 'StringNotLike', 'NumericEquals', 'NumericNotEquals', 'NumericLessThan', 'NumericLessThanEquals'],
  ...['NumericGreaterThan', 'NumericGreaterThanEquals', 'DateEquals', 'DateNotEquals', 'DateLessThan'],
  ...['DateLessThanEquals', 'DateGreaterThan', 'DateGreaterThanEquals', 'Bool', 'BinaryEquals', 'IpAddress'],
  ...['NotIpAddress', 'ArnEquals', 'ArnLike', 'ArnNotEquals', 'ArnNotLike', 'Null'],
]

/** `service:Action`. A whole service is refused too: `s3:*` holds PutBucketPolicy, whose effect outlives every grant. */
export const $action = z
  .string()
  .superRefine((value, context) => {
    const fix = 'name the actions, or a family of them: s3:GetObject, s3:Get*'
    if (/^[^:]*\*[^:]*$|:\*+$/.test(value)) {
      context.addIssue({ code: 'custom', message: `the action ${value} is only a wildcard`, params: { fix } })
    } else if (!ACTION.test(value)) {
      context.addIssue({ code: 'custom', message: `${value} is not of the form service:Action`, params: { fix } })
    }
  })
  .meta({ description: 'an action', pattern: ACTION.source, examples: ['s3:GetObject', 's3:Get*'] })

export const $resource = z
  .string()
  .superRefine((value, context) => {
    if (RESOURCE.test(value)) return
    const fix = 'write arn:partition:service:region:account:resource, or "*" for actions that take no resource'
    context.addIssue({ code: 'custom', message: `${value} is no ARN`, params: { fix } })
  })
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a place of the access file, filled when a grant is made.
  .meta({ description: 'an ARN', examples: ['arn:aws:s3:::${bucket}/*'] })

const $operator = z.string().superRefine((value, context) => {
  const plain = value.replace(/^(?:ForAllValues|ForAnyValue):/, '').replace(/IfExists$/, '')
  if (OPERATORS.includes(plain)) return
  const nearest = nearestName(plain, OPERATORS)
  const fix = nearest ? `did you mean ${nearest}` : 'use an operator of the IAM reference, such as StringEquals'
  context.addIssue({ code: 'custom', message: `IAM has no condition operator ${value}`, params: { fix } })
})

const $conditionKey = z.string().superRefine((value, context) => {
  if (CONDITION_KEY.test(value)) return
  const fix = 'write service:Name, such as aws:ResourceTag/team; places are filled in values only'
  context.addIssue({ code: 'custom', message: `${value} is no condition key`, params: { fix } })
})

export const $conditions = z.record(
  $operator,
  z.record($conditionKey, z.union([z.string(), z.array(z.string()).min(1)])),
)
