import { z } from 'zod'
import { ACCOUNT } from './concrete.ts'
import type { Resource } from './synthesized.ts'

const $texts = z.union([z.string(), z.array(z.string())]).transform(texts => [texts].flat())
export const $statement = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Action: $texts.default([]),
  NotAction: $texts.optional(),
  Resource: $texts.default([]),
  Condition: z.record(z.string(), z.record(z.string(), $texts)).optional(),
})
export const $policy = z.strictObject({ Version: z.string(), Statement: z.array($statement) })
export type Statement = z.output<typeof $statement>
export type Policy = z.output<typeof $policy>

const $trust = z.object({
  Statement: z.array(z.object({ Action: z.string(), Principal: z.record(z.string(), z.unknown()) })),
})

/** A role of the template with all it may do. */
export interface RoleView {
  /** The construct it belongs to: `Elevation/Applier`. */
  readonly name: string
  readonly arn: string
  readonly policies: Readonly<Record<string, Policy>>
  /** How many of them are inline. */
  readonly inline: number
  readonly trust: z.output<typeof $trust>
}

/** AWS's own policies that the template names, as published; another one fails the test until its text is here. */
const AWS_MANAGED: Readonly<Record<string, Policy>> = {
  'arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs': {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: [
          'logs:CreateLogGroup',
          'logs:CreateLogStream',
          'logs:DescribeLogGroups',
          'logs:DescribeLogStreams',
          'logs:PutLogEvents',
          'logs:GetLogEvents',
          'logs:FilterLogEvents',
        ],
        Resource: ['*'],
      },
    ],
  },
}

const $role = z.object({
  Path: z.string().default('/'),
  AssumeRolePolicyDocument: $trust,
  ManagedPolicyArns: z.array(z.string()).default([]),
  Policies: z.array(z.object({ PolicyName: z.string(), PolicyDocument: $policy })).default([]),
  PermissionsBoundary: z.undefined().optional(),
})
const $attached = z.object({
  Roles: z.array(z.string()).default([]),
  PolicyDocument: $policy,
  Users: z.undefined().optional(),
  Groups: z.undefined().optional(),
})

/** Every role of a template with its policies: inline, managed, named by the role or naming it. A new kind of attachment throws. */
export function rolesOf(resources: readonly Resource[]): readonly RoleView[] {
  const attached = resources
    .filter(({ type }) => /^AWS::IAM::(?:Managed|Role)?Policy$/.test(type))
    .map(resource => ({ ...resource, ...$attached.parse(resource.properties) }))
  return resources
    .filter(({ type }) => type === 'AWS::IAM::Role')
    .map(({ id, path, properties }) => {
      const { Path, AssumeRolePolicyDocument, ManagedPolicyArns, Policies } = $role.parse(properties)
      const own = Policies.map(({ PolicyName, PolicyDocument }) => [PolicyName, PolicyDocument] as const)
      const naming = attached.filter(({ Roles }) => Roles.includes(`Lapse-${id}`))
      return {
        name: path.replace(/\/(?:Role|CloudWatchRole)$/, ''),
        arn: `arn:aws:iam::${ACCOUNT}:role${Path}Lapse-${id}`,
        inline: own.length + naming.filter(({ type }) => type !== 'AWS::IAM::ManagedPolicy').length,
        policies: Object.fromEntries([
          ...own,
          ...ManagedPolicyArns.map(arn => [arn, managed(arn)] as const),
          ...naming.map(({ id: policyId, PolicyDocument }) => [policyId, PolicyDocument] as const),
        ]),
        trust: AssumeRolePolicyDocument,
      }
    })
}

function managed(arn: string): Policy {
  const policy = AWS_MANAGED[arn]
  if (!policy) throw new Error(`the text of ${arn} is not known, so nothing can be proven of its role`)
  return policy
}

export function statementsOf({ policies }: RoleView): readonly Statement[] {
  return Object.values(policies).flatMap(({ Statement }) => Statement)
}

/** Whether any Allow statement of the role names the action, on whatever resource and condition: an upper bound of what it can. */
export function mentions(role: RoleView, action: string): boolean {
  return statementsOf(role).some(
    ({ Effect, Action, NotAction }) =>
      Effect === 'Allow' && (NotAction !== undefined || Action.some(pattern => matches(pattern, action))),
  )
}

/** Whether a pattern of IAM (`*`, `?`) covers a text; case does not count in actions. */
export function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`, 'is').test(text)
}
