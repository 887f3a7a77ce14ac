import {
  DeleteConflictException,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DetachGroupPolicyCommand,
  DetachRolePolicyCommand,
  DetachUserPolicyCommand,
  GetPolicyCommand,
  type IAMClient,
  ListEntitiesForPolicyCommand,
  ListPolicyVersionsCommand,
} from '@aws-sdk/client-iam'
import type { PolicyRemover } from '../application/ports/policies.ts'
import { isAttachedTo, nameInArn, unlessGone } from './iam-policies.ts'

const MOST_ROUNDS = 3

/** The revoker's hands: takes grant policies away from whoever has them, and deletes them. Can give nothing. */
export class IamPolicyRemover implements PolicyRemover {
  readonly #client: IAMClient

  constructor(client: IAMClient) {
    this.#client = client
  }

  /** Somebody may attach it between the detaching and the deleting: IAM then refuses to delete, and it is detached again. */
  async remove(policyArn: string) {
    let detached = 0
    for (let round = 1; await this.exists(policyArn); round += 1) {
      detached += await this.#detachAll(policyArn)
      await this.#deleteOtherVersions(policyArn)
      try {
        await unlessGone(() => this.#client.send(new DeletePolicyCommand({ PolicyArn: policyArn })))
        return { found: true, detached }
      } catch (error) {
        if (!(error instanceof DeleteConflictException) || round === MOST_ROUNDS) throw error
      }
    }
    return { found: detached > 0, detached }
  }

  async exists(policyArn: string): Promise<boolean> {
    return (await unlessGone(() => this.#client.send(new GetPolicyCommand({ PolicyArn: policyArn })))) !== undefined
  }

  async takeFrom(principalArn: string, policyArn: string): Promise<'detached' | 'gone'> {
    const command = new DetachUserPolicyCommand({ UserName: nameInArn(principalArn), PolicyArn: policyArn })
    return (await unlessGone(() => this.#client.send(command))) === undefined ? 'gone' : 'detached'
  }

  isAttached(principalArn: string, policyArn: string): Promise<boolean> {
    return isAttachedTo(this.#client, principalArn, policyArn)
  }

  /** From users, roles and groups alike: a grant belongs to one user, but whoever carries its policy must lose it. */
  async #detachAll(policyArn: string): Promise<number> {
    let detached = 0
    let marker: string | undefined
    do {
      const page = await unlessGone(() =>
        this.#client.send(new ListEntitiesForPolicyCommand({ PolicyArn: policyArn, Marker: marker })),
      )
      const detach = [
        ...(page?.PolicyUsers ?? []).map(
          ({ UserName }) => new DetachUserPolicyCommand({ UserName, PolicyArn: policyArn }),
        ),
        ...(page?.PolicyRoles ?? []).map(
          ({ RoleName }) => new DetachRolePolicyCommand({ RoleName, PolicyArn: policyArn }),
        ),
        ...(page?.PolicyGroups ?? []).map(
          ({ GroupName }) => new DetachGroupPolicyCommand({ GroupName, PolicyArn: policyArn }),
        ),
      ]
      // What IAM listed was attached a moment ago: a "gone" is our own call before it, whose answer was lost.
      for (const command of detach) await unlessGone(() => this.#send(command))
      detached += detach.length
      marker = page?.IsTruncated ? page.Marker : undefined
    } while (marker)
    return detached
  }

  #send(command: DetachUserPolicyCommand | DetachRolePolicyCommand | DetachGroupPolicyCommand): Promise<unknown> {
    if (command instanceof DetachUserPolicyCommand) return this.#client.send(command)
    return command instanceof DetachRolePolicyCommand ? this.#client.send(command) : this.#client.send(command)
  }

  /** Nobody may add versions; where somebody did, IAM deletes the policy only after them. */
  async #deleteOtherVersions(policyArn: string): Promise<void> {
    const versions = await unlessGone(() => this.#client.send(new ListPolicyVersionsCommand({ PolicyArn: policyArn })))
    for (const { VersionId, IsDefaultVersion } of versions?.Versions ?? []) {
      if (IsDefaultVersion) continue
      await unlessGone(() => this.#client.send(new DeletePolicyVersionCommand({ PolicyArn: policyArn, VersionId })))
    }
  }
}
