import { AttachRolePolicyCommand, AttachUserPolicyCommand, type IAMClient } from '@aws-sdk/client-iam'
import type { PolicyBinder } from '../application/ports/policies.ts'
import type { FoundPrincipal } from '../domain/principal.ts'
import { isAttachedTo, isRoleArn, nameInArn, policyDocument } from './iam-policies.ts'
import { principalNow } from './iam-principals.ts'

/** The applier's hands: attaches grant policies to people's users and roles, cannot write them. */
export class IamPolicyBinder implements PolicyBinder {
  readonly #client: IAMClient

  constructor(client: IAMClient) {
    this.#client = client
  }

  document(policyArn: string): Promise<unknown> {
    return policyDocument(this.#client, policyArn)
  }

  principal(principalArn: string): Promise<FoundPrincipal | undefined> {
    return principalNow(this.#client, principalArn)
  }

  async attach(principalArn: string, policyArn: string): Promise<void> {
    const [name, PolicyArn] = [nameInArn(principalArn), policyArn]
    if (isRoleArn(principalArn)) await this.#client.send(new AttachRolePolicyCommand({ RoleName: name, PolicyArn }))
    else await this.#client.send(new AttachUserPolicyCommand({ UserName: name, PolicyArn }))
  }

  isAttached(principalArn: string, policyArn: string): Promise<boolean> {
    return isAttachedTo(this.#client, principalArn, policyArn)
  }
}
