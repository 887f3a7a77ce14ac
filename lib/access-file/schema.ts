import * as z from 'zod'
import { $approval, $automatic, $breakGlass, $caps } from './approval-schema.ts'
import { $fences } from './fence-formats.ts'
import { $findings } from './finding-schema.ts'
import {
  $duration,
  $email,
  $id,
  $line,
  $members,
  $parameterName,
  $pattern,
  $reason,
  $text,
  $timezone,
} from './formats.ts'
import { $delegation, $hours, $notify } from './house-schema.ts'
import { $managedPolicyArn } from './managed-policy-formats.ts'
import { $action, $conditions, $resource } from './policy-formats.ts'
import { $principal } from './principal-formats.ts'

export const $person = z
  .strictObject({
    name: $line.describe('the name colleagues know them by'),
    email: $email.describe('where Lapse writes to them; each person has their own'),
    principals: z
      .array($principal)
      .min(1)
      .optional()
      .describe(
        'the IAM users and role sessions of this one human, by path; leave out for people who only decide by mail',
      ),
    timezone: $timezone.optional().describe('how times are written to them; default: the one of the organisation'),
  })
  .describe('one human')

const $parameter = z
  .strictObject({
    description: $line.describe('what the person is to fill in'),
    pattern: $pattern.describe('a regular expression the whole value must match'),
    example: z.string().describe('a value that matches the pattern'),
  })
  .describe('something the person fills in when asking')

export const $parameters = z.record($parameterName, $parameter)

export const $statement = z
  .strictObject({
    actions: z.array($action).min(1).describe('actions, service:Action, with * inside the name if need be'),
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a place of the access file, filled when a grant is made.
    resources: z.array($resource).min(1).describe('ARNs; ${parameter} is replaced by what the person filled in'),
    conditions: $conditions.optional().describe('operator, key, value as in IAM; time and person are added by Lapse'),
  })
  .describe('an Allow statement')

export const $durationRange = z
  .strictObject({
    default: $duration.describe('how long a grant lasts when the person names no duration'),
    maximum: $duration.describe('the longest grant, 12h at most'),
  })
  .describe('how long a grant may last')

export const $rule = z
  .strictObject({
    name: $line.describe('shown to whom it lets in or refuses; unique in the entitlement'),
    allow: $members.optional().describe('who may ask'),
    deny: $members.optional().describe('who may not, whatever other rules say'),
    maximum: $duration.optional().describe('the longest grant for those this rule lets in'),
  })
  .describe('who may ask, or may not: exactly one of allow and deny')
  .meta({ oneOf: [{ required: ['allow'] }, { required: ['deny'] }] })

export const $acknowledgement = z
  .strictObject({
    risk: $line.describe('the risk as the error about it names it, such as lambda-003 or s3:PutBucketPolicy'),
    because: $reason.describe('why it is acceptable, in a sentence'),
  })
  .describe('a risk of the statements, accepted in words')

export const $entitlement = z
  .strictObject({
    title: $line.describe('a few words: what one may do'),
    description: $text.describe('a sentence or two: what for, what to mind'),
    risk: z.enum(['low', 'medium', 'high']).describe('low, medium or high'),
    parameters: $parameters.optional().describe('what the person fills in; default: nothing'),
    statements: z.array($statement).min(1).optional().describe('the Allow statements of the policy'),
    managedPolicy: $managedPolicyArn
      .optional()
      .describe('instead of statements: an AWS-managed policy, whose statements are copied and fenced'),
    attach: z
      .literal('as-is')
      .optional()
      .describe('as-is: the AWS-managed policy itself is attached, without a fence; default: a fenced copy'),
    because: $reason.optional().describe('why it may be attached without a fence, in a sentence; only with attach'),
    fences: $fences.optional().describe('where and how a grant may be used; default: no limits but time and person'),
    acknowledged: z
      .array($acknowledgement)
      .min(1)
      .optional()
      .describe('risks of the statements that are accepted; default: none'),
    duration: $durationRange,
    rules: z.array($rule).min(1).describe('who may ask; nobody else can'),
    approval: $approval,
    automatic: z.array($automatic).min(1).optional().describe('which asks need nobody; default: none'),
    breakGlass: $breakGlass.optional().describe('who may take it at once in an emergency; default: nobody'),
    caps: $caps.optional().describe('how much of it one person may have; default: no caps'),
  })
  .describe('something that can be asked for: exactly one of statements and managedPolicy')
  .meta({ oneOf: [{ required: ['statements'] }, { required: ['managedPolicy'] }] })

export const $limits = z
  .strictObject({
    shortestGrant: $duration.optional().meta({ description: 'the shortest grant', default: '5m' }),
  })
  .describe('limits of every grant')

/** The access file as people write it. Everything that can be said of one value is said here; the rest is in the other files. */
export const $accessForm = z
  .strictObject({
    version: z.literal(1).describe('the version of this format, 1'),
    organisation: $line.describe('the name of the organisation'),
    timezone: $timezone.describe('the zone times are read in and quarters begin in'),
    mail: z.strictObject({ from: $email.describe('the sender of all mail') }).describe('how mail is sent'),
    limits: $limits.optional(),
    people: z.record($id, $person).describe('everyone who may ask, approve, administer or audit'),
    groups: z.record($id, $members).optional().describe('names for lists of people; groups may hold groups'),
    admins: $members.describe('who may revoke and freeze'),
    auditors: $members.describe('who may see every request and the reviews'),
    hours: $hours.optional(),
    delegations: z.array($delegation).optional().describe('who stands in for whom, and when; default: nobody'),
    notify: $notify.optional(),
    findings: $findings.optional(),
    entitlements: z.record($id, $entitlement).describe('what can be asked for'),
  })
  .meta({ title: 'Lapse access file' })

export type AccessForm = z.output<typeof $accessForm>
export type EntitlementForm = z.output<typeof $entitlement>
export type PersonForm = z.output<typeof $person>
