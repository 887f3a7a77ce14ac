import type {
  GrantPolicy,
  PolicyAuthor,
  PolicyBinder,
  PolicyRemover,
} from '../../lambdas/application/ports/policies.ts'
import { Faults } from './faults.ts'

interface StoredPolicy {
  readonly versions: Map<string, unknown>
  defaultVersion: string
  readonly tags: Readonly<Record<string, string>>
  /** `user arn`, `role name` or `group name`. */
  readonly attachments: Set<string>
}

class NoSuchEntity extends Error {
  override readonly name = 'NoSuchEntityException'
}

class DeleteConflict extends Error {
  override readonly name = 'DeleteConflictException'
}

/** One IAM behind the three ports, that keeps IAM's rules: names are unique, what is attached or versioned cannot be deleted. */
export class InMemoryIam implements PolicyAuthor, PolicyBinder, PolicyRemover {
  readonly users = new Map<string, { uniqueId: string }>()
  readonly policies = new Map<string, StoredPolicy>()
  /** Policies GetPolicy still shows although they are deleted, as IAM may for seconds. */
  readonly lingering = new Set<string>()
  /** Attachments that are made but not listed yet. */
  isListingBehind = false
  readonly #faults: Faults
  #users = 0

  constructor(faults = new Faults()) {
    this.#faults = faults
  }

  addUser(arn: string): string {
    this.#users += 1
    const uniqueId = `AIDA${String(this.#users).padStart(17, '0')}`
    this.users.set(arn, { uniqueId })
    return uniqueId
  }

  create({ arn, document, tags }: GrantPolicy): Promise<'created' | 'exists'> {
    return this.#faults.around('CreatePolicy', () => {
      if (this.policies.has(arn)) return 'exists'
      const text = JSON.stringify(document)
      this.policies.set(arn, {
        versions: new Map([['v1', JSON.parse(text)]]),
        defaultVersion: 'v1',
        tags,
        attachments: new Set(),
      })
      return 'created'
    })
  }

  document(policyArn: string): Promise<unknown> {
    return this.#faults.around('GetPolicyVersion', () => {
      const policy = this.policies.get(policyArn)
      return policy?.versions.get(policy.defaultVersion)
    })
  }

  uniqueId(principalArn: string): Promise<string | undefined> {
    return this.#faults.around('GetUser', () => this.users.get(principalArn)?.uniqueId)
  }

  attach(principalArn: string, policyArn: string): Promise<void> {
    return this.#faults.around('AttachUserPolicy', () => {
      if (!this.users.has(principalArn)) throw new NoSuchEntity(principalArn)
      this.#policy(policyArn).attachments.add(`user ${principalArn}`)
    })
  }

  isAttached(principalArn: string, policyArn: string): Promise<boolean> {
    return this.#faults.around('ListAttachedUserPolicies', () => {
      return !this.isListingBehind && this.attachmentsOf(policyArn).includes(`user ${principalArn}`)
    })
  }

  async remove(policyArn: string) {
    if (!(await this.exists(policyArn))) return { found: false, detached: 0 }
    const entities = await this.#faults.around('ListEntitiesForPolicy', () => this.attachmentsOf(policyArn))
    for (const entity of entities) {
      await this.#faults.around('DetachPolicy', () => this.policies.get(policyArn)?.attachments.delete(entity))
    }
    const policy = this.policies.get(policyArn)
    for (const version of policy ? [...policy.versions.keys()] : []) {
      if (version === policy?.defaultVersion) continue
      await this.#faults.around('DeletePolicyVersion', () => this.policies.get(policyArn)?.versions.delete(version))
    }
    await this.#faults.around('DeletePolicy', () => this.#delete(policyArn))
    return { found: true, detached: entities.length }
  }

  exists(policyArn: string): Promise<boolean> {
    return this.#faults.around('GetPolicy', () => this.policies.has(policyArn) || this.lingering.has(policyArn))
  }

  /** What somebody does by hand, outside of Lapse. */
  attachTo(entity: string, policyArn: string): void {
    this.#policy(policyArn).attachments.add(entity)
  }

  addVersion(policyArn: string, document: unknown, { asDefault }: { asDefault: boolean }): void {
    const policy = this.#policy(policyArn)
    const version = `v${policy.versions.size + 1}`
    policy.versions.set(version, document)
    if (asDefault) policy.defaultVersion = version
  }

  attachmentsOf(policyArn: string): readonly string[] {
    return [...(this.policies.get(policyArn)?.attachments ?? [])]
  }

  #policy(policyArn: string): StoredPolicy {
    const policy = this.policies.get(policyArn)
    if (!policy) throw new NoSuchEntity(policyArn)
    return policy
  }

  #delete(policyArn: string): void {
    const policy = this.policies.get(policyArn)
    if (!policy) return
    if (policy.attachments.size > 0 || policy.versions.size > 1) throw new DeleteConflict(policyArn)
    this.policies.delete(policyArn)
  }
}
