import { GetRoleCommand, GetUserCommand, type IAMClient } from '@aws-sdk/client-iam'
import type { Principals } from '../application/ports/policies.ts'
import { readTrustPolicy } from '../contract/trust-document.ts'
import type { FoundPrincipal } from '../domain/principal.ts'
import { isAttachedTo, isRoleArn, nameInArn, unlessGone } from './iam-policies.ts'

/** IAM's own word on users and roles. */
export class IamPrincipals implements Principals {
  readonly #client: IAMClient

  constructor(client: IAMClient) {
    this.#client = client
  }

  principal(principalArn: string): Promise<FoundPrincipal | undefined> {
    return principalNow(this.#client, principalArn)
  }

  isAttached(principalArn: string, policyArn: string): Promise<boolean> {
    return isAttachedTo(this.#client, principalArn, policyArn)
  }
}

/** The user or role of an ARN as it is now, or undefined when there is none: one of the same name under another path is not it. */
export function principalNow(client: IAMClient, principalArn: string): Promise<FoundPrincipal | undefined> {
  return isRoleArn(principalArn) ? roleNow(client, principalArn) : userNow(client, principalArn)
}

async function userNow(client: IAMClient, arn: string): Promise<FoundPrincipal | undefined> {
  const answer = await unlessGone(() => client.send(new GetUserCommand({ UserName: nameInArn(arn) })))
  const { Arn, UserId = '', PermissionsBoundary } = answer?.User ?? {}
  return Arn === arn ? { uniqueId: UserId, boundary: PermissionsBoundary?.PermissionsBoundaryArn } : undefined
}

async function roleNow(client: IAMClient, arn: string): Promise<FoundPrincipal | undefined> {
  const answer = await unlessGone(() => client.send(new GetRoleCommand({ RoleName: nameInArn(arn) })))
  const { Arn, RoleId = '', PermissionsBoundary, AssumeRolePolicyDocument } = answer?.Role ?? {}
  if (Arn !== arn) return undefined
  const boundary = PermissionsBoundary?.PermissionsBoundaryArn
  return { uniqueId: RoleId, boundary, trust: readTrustPolicy(AssumeRolePolicyDocument) }
}
