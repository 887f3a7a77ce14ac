import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  type IAMClient,
  ListAttachedUserPoliciesCommand,
  NoSuchEntityException,
} from '@aws-sdk/client-iam'

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

/** The path and the name in a policy's ARN. */
export function pathAndName(policyArn: string): { readonly path: string; readonly name: string } {
  const resource = policyArn.slice(policyArn.indexOf(':policy/') + ':policy'.length)
  const slash = resource.lastIndexOf('/')
  return { path: resource.slice(0, slash + 1), name: resource.slice(slash + 1) }
}

/** Whether IAM lists the policy as attached to the user. */
export async function isAttachedToUser(client: IAMClient, userName: string, policyArn: string): Promise<boolean> {
  let marker: string | undefined
  do {
    const page = await unlessGone(() =>
      client.send(new ListAttachedUserPoliciesCommand({ UserName: userName, Marker: marker })),
    )
    if (page?.AttachedPolicies?.some(policy => policy.PolicyArn === policyArn)) return true
    marker = page?.IsTruncated ? page.Marker : undefined
  } while (marker)
  return false
}
