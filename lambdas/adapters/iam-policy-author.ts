import { CreatePolicyCommand, EntityAlreadyExistsException, type IAMClient } from '@aws-sdk/client-iam'
import type { GrantPolicy, PolicyAuthor } from '../application/ports/policies.ts'
import { pathAndName, policyDocument } from './iam-policies.ts'

/** The issuer's hands: writes grant policies, cannot attach them. */
export class IamPolicyAuthor implements PolicyAuthor {
  readonly #client: IAMClient

  constructor(client: IAMClient) {
    this.#client = client
  }

  async create({ arn, document, tags }: GrantPolicy): Promise<'created' | 'exists'> {
    const { path, name } = pathAndName(arn)
    const command = new CreatePolicyCommand({
      Path: path,
      PolicyName: name,
      PolicyDocument: JSON.stringify(document),
      Description: 'A grant of Lapse. It ends by itself; do not edit.',
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    })
    try {
      await this.#client.send(command)
      return 'created'
    } catch (error) {
      if (error instanceof EntityAlreadyExistsException) return 'exists'
      throw error
    }
  }

  document(policyArn: string): Promise<unknown> {
    return policyDocument(this.#client, policyArn)
  }
}
