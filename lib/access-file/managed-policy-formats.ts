import * as z from 'zod'
import { $conditions } from './policy-formats.ts'

const ARN = /^arn:aws[a-z-]*:iam::aws:policy\/(?:[\x21-\x2e\x30-\x7e]+\/)*[\w+=,.@-]{1,128}$/
const NAME = /^[\w+=,.@-]{1,128}$/

export const $managedPolicyArn = z
  .string()
  .superRefine((value, context) => {
    if (ARN.test(value)) return
    const fix = NAME.test(value)
      ? `write arn:aws:iam::aws:policy/${value}, with its path if it has one`
      : 'write arn:aws:iam::aws:policy/NAME; of a policy of your own, write the statements'
    context.addIssue({ code: 'custom', message: `${value} is no AWS-managed policy`, params: { fix } })
  })
  .meta({
    description: 'an AWS-managed policy',
    pattern: '^arn:aws[a-z-]*:iam::aws:policy/',
    examples: ['arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess'],
  })

/** Actions as the lint reads them: a wildcard in the service is nothing it could judge. */
const ACTION = /^(?:\*|[A-Za-z0-9-]+:[A-Za-z0-9*?]+)$/
/** `${bucket}` would be a parameter; IAM's own variables hold a colon, and `${*}`, `${?}`, `${$}` stand for the letter. */
const PLACE = /\$\{[^:{}*?$]*\}/

const $plain = z
  .string()
  .min(1)
  .refine(text => !PLACE.test(text), 'has a variable that IAM does not have')
/** IAM lets a list of one be written without its brackets. */
function listOf<Item extends z.ZodType>(item: Item) {
  return z.preprocess(value => (Array.isArray(value) ? value : [value]), z.array(item).min(1, 'is empty'))
}
const $actions = listOf($plain.regex(ACTION, 'is no action, service:Action'))
const $resources = listOf($plain)

const $value = z.union([z.string(), z.boolean(), z.number()]).transform(String).pipe($plain)
const $operands = z
  .record(
    z.string(),
    z.record(z.string(), z.union([$value, z.array($value).min(1)], 'is no text and no list of texts')),
  )
  .pipe($conditions)

const $policyStatement = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Action: $actions.optional(),
  NotAction: $actions.optional(),
  Resource: $resources.optional(),
  NotResource: $resources.optional(),
  Condition: $operands.optional(),
})
export type ManagedStatement = z.output<typeof $policyStatement>

/** The answer of `aws iam get-policy-version`. Versions of the policy language before 2012 know no variables. */
export const $policyVersionAnswer = z.object({
  PolicyVersion: z.object({
    VersionId: z.string().regex(/^v[1-9]\d*$/, 'is no version of a policy, v1'),
    Document: z.strictObject({
      Version: z.literal('2012-10-17'),
      Id: z.string().optional(),
      Statement: listOf($policyStatement),
    }),
  }),
})

/** The document of the same answer with nothing read into it. */
export const $wholeDocument = z.object({ PolicyVersion: z.object({ Document: z.json() }) })
