import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  type IAMClient,
  NoSuchEntityException,
  paginateListAttachedRolePolicies,
  paginateListAttachedUserPolicies,
  paginateListEntitiesForPolicy,
} from '@aws-sdk/client-iam'
import type { Attachment } from '../domain/sweep.ts'

/** The document of a policy's default version, or undefined where there is no such policy. */
export async function policyDocument(client: IAMClient, policyArn: string): Promise<unknown> {
  const policy = await unlessGone(() => client.send(new GetPolicyCommand({ PolicyArn: policyArn })))
  const versionId = policy?.Policy?.DefaultVersionId
  if (!versionId) return undefined
  const version = await unlessGone(() =>
    client.send(new GetPolicyVersionCommand({ PolicyArn: policyArn, VersionId: versionId })),
  )
  const document = version?.PolicyVersion?.Document
  // IAM gives documents URL-encoded (RFC 3986).
  return document === undefined ? undefined : JSON.parse(decodeURIComponent(document))
}

/** The answer, or undefined when IAM says that the thing does not exist. Every other error stays an error. */
export async function unlessGone<Answer>(ask: () => Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof NoSuchEntityException) return undefined
    throw error
  }
}

/** The name in the ARN of a user, role or group, after its path: `arn:aws:iam::111122223333:user/people/alice` → `alice`. */
export function nameInArn(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1)
}

/** Whether the ARN is that of a role; people's principals are users and roles. */
export function isRoleArn(arn: string): boolean {
  return arn.split(':')[5]?.startsWith('role/') ?? false
}

/** The path and the name in a policy's ARN. */
export function pathAndName(policyArn: string): { readonly path: string; readonly name: string } {
  const resource = policyArn.slice(policyArn.indexOf(':policy/') + ':policy'.length)
  const slash = resource.lastIndexOf('/')
  return { path: resource.slice(0, slash + 1), name: resource.slice(slash + 1) }
}

/** The managed policies of a user or role, page by page. */
export function attachedPages(client: IAMClient, principalArn: string) {
  const name = nameInArn(principalArn)
  return isRoleArn(principalArn)
    ? paginateListAttachedRolePolicies({ client }, { RoleName: name })
    : paginateListAttachedUserPolicies({ client }, { UserName: name })
}

/** Who carries a policy: users, roles and groups, all pages of them. */
export async function attachments(client: IAMClient, policyArn: string): Promise<readonly Attachment[]> {
  const found: Attachment[] = []
  for await (const page of paginateListEntitiesForPolicy({ client }, { PolicyArn: policyArn })) {
    for (const { UserName = '', UserId = '' } of page.PolicyUsers ?? [])
      found.push({ kind: 'user', name: UserName, uniqueId: UserId })
    for (const { RoleName = '', RoleId = '' } of page.PolicyRoles ?? [])
      found.push({ kind: 'role', name: RoleName, uniqueId: RoleId })
    for (const { GroupName = '', GroupId = '' } of page.PolicyGroups ?? [])
      found.push({ kind: 'group', name: GroupName, uniqueId: GroupId })
  }
  return found
}

/** Whether IAM lists the policy as attached to the user or role; who is gone has none. */
export async function isAttachedTo(client: IAMClient, principalArn: string, policyArn: string): Promise<boolean> {
  const found = await unlessGone(async () => {
    for await (const { AttachedPolicies = [] } of attachedPages(client, principalArn)) {
      if (AttachedPolicies.some(({ PolicyArn }) => PolicyArn === policyArn)) return true
    }
    return false
  })
  return found ?? false
}
