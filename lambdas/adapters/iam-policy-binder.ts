import { AttachUserPolicyCommand, GetUserCommand, type IAMClient } from '@aws-sdk/client-iam'
import type { PolicyBinder } from '../application/ports/policies.ts'
import { isAttachedToUser, nameInArn, policyDocument, unlessGone } from './iam-policies.ts'

/** The applier's hands: attaches grant policies to people's users, cannot write them. */
export class IamPolicyBinder implements PolicyBinder {
  readonly #client: IAMClient

  constructor(client: IAMClient) {
    this.#client = client
  }

  document(policyArn: string): Promise<unknown> {
    return policyDocument(this.#client, policyArn)
  }

  async uniqueId(principalArn: string): Promise<string | undefined> {
    const answer = await unlessGone(() => this.#client.send(new GetUserCommand({ UserName: nameInArn(principalArn) })))
    return answer?.User?.Arn === principalArn ? answer.User.UserId : undefined
  }

  async attach(principalArn: string, policyArn: string): Promise<void> {
    await this.#client.send(new AttachUserPolicyCommand({ UserName: nameInArn(principalArn), PolicyArn: policyArn }))
  }

  isAttached(principalArn: string, policyArn: string): Promise<boolean> {
    return isAttachedToUser(this.#client, nameInArn(principalArn), policyArn)
  }
}
