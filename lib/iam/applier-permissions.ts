import type { Stack } from 'aws-cdk-lib'
import { Effect, PolicyStatement, type PolicyStatementProps } from 'aws-cdk-lib/aws-iam'
import { type AccessFile, asIsPolicies } from '../../lambdas/domain/access-file.ts'
import { rolesOf } from '../../lambdas/domain/role-session.ts'
import { grantPolicies, iamArn } from './grant-arns.ts'

/**
 * The applier attaches grant policies to the people of the access file and can write none.
 *
 * @param boundaries ARNs of permissions boundaries: if there are any, only people who carry one of them get a grant, and no grant
 *   reaches beyond the boundary, whatever its policy says. Without any, who holds issuer and applier both is an administrator.
 */
export function applierPermissions(
  stack: Stack,
  access: AccessFile,
  boundaries: readonly string[],
): readonly PolicyStatement[] {
  const underCeiling = boundaries.length === 0 ? {} : { ArnEquals: { 'iam:PermissionsBoundary': boundaries } }
  const users = peoplePatterns(access).map(path => iamArn(stack, path))
  const roles = rolesOf(access).map(path => iamArn(stack, path))
  const conditions = { ArnLike: { 'iam:PolicyARN': grantPolicies(stack) }, ...underCeiling }
  return [
    ...onEach(users, resources => ({
      sid: 'AttachGrantPoliciesToPeople',
      actions: ['iam:AttachUserPolicy'],
      resources,
      conditions,
    })),
    ...onEach(roles, resources => ({
      sid: 'AttachGrantPoliciesToRolesOfPeople',
      actions: ['iam:AttachRolePolicy'],
      resources,
      conditions,
    })),
    ...asIsStatements(users, access, underCeiling),
    new PolicyStatement({
      sid: 'LookBeforeAttaching',
      actions: ['iam:GetPolicy', 'iam:GetPolicyVersion'],
      resources: [grantPolicies(stack), ...asIsPolicies(access)],
    }),
    ...lookAtPeople(stack, access),
    new PolicyStatement({
      sid: 'NeverTouchTheServiceItself',
      effect: Effect.DENY,
      actions: ['iam:*'],
      resources: [iamArn(stack, 'role/lapse/*'), iamArn(stack, 'policy/lapse/service/*'), iamArn(stack, 'role/cdk-*')],
    }),
    new PolicyStatement({
      sid: 'NeverAuthor',
      effect: Effect.DENY,
      actions: [
        'iam:CreatePolicy',
        'iam:CreatePolicyVersion',
        'iam:SetDefaultPolicyVersion',
        'iam:Put*',
        'iam:Update*',
        'iam:Add*',
        'iam:DeleteUserPermissionsBoundary',
        'iam:DeleteRolePermissionsBoundary',
        'iam:PassRole',
        'sts:AssumeRole',
      ],
      resources: ['*'],
    }),
  ]
}

/** These policies of AWS and no others, and to users alone: at a role every session would have them. */
function asIsStatements(
  users: string[],
  access: AccessFile,
  underCeiling: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>,
): readonly PolicyStatement[] {
  const policies = asIsPolicies(access)
  if (policies.length === 0) return []
  const { ArnEquals } = underCeiling
  return onEach(users, resources => ({
    sid: 'AttachThesePoliciesAsTheyAre',
    actions: ['iam:AttachUserPolicy'],
    resources,
    conditions: { ArnEquals: { ...ArnEquals, 'iam:PolicyARN': policies } },
  }))
}

/**
 * To see who a person's users and roles are, who may assume the roles, and what is attached. Wider than where people are: IAM judges a
 * call about who is not there by the name alone and about who was moved by the new path, and "denied" would not say that they are gone.
 */
export function lookAtPeople(stack: Stack, access: AccessFile): readonly PolicyStatement[] {
  const { users, roles } = lookedAt(access)
  return [
    ...looking(stack, users, 'LookAtPeople', ['iam:GetUser', 'iam:ListAttachedUserPolicies']),
    ...looking(stack, roles, 'LookAtRolesOfPeople', ['iam:GetRole', 'iam:ListAttachedRolePolicies']),
  ]
}

/** Where people may be now: users anywhere, their roles by name on any path. */
export function lookedAt(access: AccessFile): { readonly users: readonly string[]; readonly roles: readonly string[] } {
  return {
    users: peoplePatterns(access).length === 0 ? [] : ['user/*'],
    roles: rolesOf(access).map(path => path.replace(/^role\/(?:.*\/)?/, 'role/*')),
  }
}

/** To see who may assume the roles of people, where it matters whose session calls. */
export function lookAtTrust(stack: Stack, access: AccessFile): readonly PolicyStatement[] {
  return looking(stack, rolesOf(access), 'LookWhoMayAssume', ['iam:GetRole'])
}

function looking(stack: Stack, paths: readonly string[], sid: string, actions: string[]): readonly PolicyStatement[] {
  return onEach(
    paths.map(path => iamArn(stack, path)),
    resources => ({ sid, actions, resources }),
  )
}

/** A statement on these resources, or none at all: IAM takes no empty list, and CDK would leave the resources out. */
function onEach(
  resources: string[],
  statement: (resources: string[]) => PolicyStatementProps,
): readonly PolicyStatement[] {
  return resources.length === 0 ? [] : [new PolicyStatement(statement(resources))]
}

/**
 * Where the people of the access file are: their IAM paths (`user/people/*`), and by name those who have no path of their own.
 * A policy has room for the paths of a large house, not for everybody's name; the fence names the person anyway. Roles are few, and
 * each is named in full.
 */
export function peoplePatterns(access: AccessFile): readonly string[] {
  const principals = Object.values(access.people).flatMap(person => person.principals)
  const patterns = principals.map(path => (path.split('/').length > 2 ? path.replace(/[^/]+$/, '*') : path))
  return [...new Set(patterns)].sort()
}
