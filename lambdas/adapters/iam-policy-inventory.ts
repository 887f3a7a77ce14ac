import {
  DetachGroupPolicyCommand,
  DetachRolePolicyCommand,
  DetachUserPolicyCommand,
  GetPolicyCommand,
  type IAMClient,
  paginateListPolicies,
} from '@aws-sdk/client-iam'
import type { PolicyInventory } from '../application/ports/policies.ts'
import { documentHash } from '../domain/fence.ts'
import { GRANT_PATH } from '../domain/grant.ts'
import type { Attachment, FoundPolicy } from '../domain/sweep.ts'
import { attachments, policyDocument, unlessGone } from './iam-policies.ts'

/** The sweep's eyes: every policy under Lapse's path with who has it. */
export class IamPolicyInventory implements PolicyInventory {
  readonly #client: IAMClient

  constructor(client: IAMClient) {
    this.#client = client
  }

  async *grantPolicies(): AsyncIterable<string> {
    const pages = paginateListPolicies({ client: this.#client }, { Scope: 'Local', PathPrefix: GRANT_PATH })
    // All pages first: what is removed while the list is walked must not shift what is still to come.
    const arns: string[] = []
    for await (const { Policies = [] } of pages) arns.push(...Policies.flatMap(({ Arn }) => Arn ?? []))
    yield* arns
  }

  look(policyArn: string): Promise<FoundPolicy | undefined> {
    return unlessGone(async () => {
      const [{ Policy }, document, attachedTo] = await Promise.all([
        this.#client.send(new GetPolicyCommand({ PolicyArn: policyArn })),
        policyDocument(this.#client, policyArn),
        attachments(this.#client, policyArn),
      ])
      const defaultVersionId = Policy?.DefaultVersionId ?? ''
      return { arn: policyArn, defaultVersionId, documentHash: documentHash(document ?? null), attachedTo }
    })
  }

  async detach(policyArn: string, { kind, name }: Attachment): Promise<void> {
    const PolicyArn = policyArn
    await unlessGone<unknown>(() => {
      if (kind === 'user') return this.#client.send(new DetachUserPolicyCommand({ PolicyArn, UserName: name }))
      if (kind === 'role') return this.#client.send(new DetachRolePolicyCommand({ PolicyArn, RoleName: name }))
      return this.#client.send(new DetachGroupPolicyCommand({ PolicyArn, GroupName: name }))
    })
  }
}
