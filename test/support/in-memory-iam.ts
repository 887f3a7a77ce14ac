import type {
  GrantPolicy,
  PolicyAuthor,
  PolicyBinder,
  PolicyInventory,
  PolicyQuotas,
  PolicyRemover,
  Principals,
} from '../../lambdas/application/ports/policies.ts'
import { documentHash } from '../../lambdas/domain/fence.ts'
import { GRANT_PATH } from '../../lambdas/domain/grant.ts'
import type { FoundPrincipal } from '../../lambdas/domain/principal.ts'
import type { Attachment, FoundPolicy } from '../../lambdas/domain/sweep.ts'
import type { TrustPolicy } from '../../lambdas/domain/trust-policy.ts'
import { Faults } from './faults.ts'

interface StoredPolicy {
  readonly versions: Map<string, unknown>
  defaultVersion: string
  readonly tags: Readonly<Record<string, string>>
  /** `user arn`, `role arn` or `group name`. */
  readonly attachments: Set<string>
}

function kindOf(principalArn: string): 'User' | 'Role' {
  return principalArn.includes(':role/') ? 'Role' : 'User'
}

function entityOf(principalArn: string): string {
  return `${kindOf(principalArn).toLowerCase()} ${principalArn}`
}

class NoSuchEntity extends Error {
  override readonly name = 'NoSuchEntityException'
}

class DeleteConflict extends Error {
  override readonly name = 'DeleteConflictException'
}

/** One IAM behind all its ports, that keeps IAM's rules: names are unique, what is attached or versioned cannot be deleted. */
export class InMemoryIam
  implements PolicyAuthor, PolicyBinder, PolicyRemover, PolicyInventory, PolicyQuotas, Principals
{
  /** Users and roles by ARN. */
  readonly users = new Map<string, FoundPrincipal>()
  readonly policies = new Map<string, StoredPolicy>()
  /** Policies GetPolicy still shows although they are deleted, as IAM may for seconds. */
  readonly lingering = new Set<string>()
  /** Attachments that are made but not listed yet. */
  isListingBehind = false
  /** Policies a page of ListPolicies holds. */
  pageSize = 2
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

  addRole(arn: string, trust: TrustPolicy, boundary?: string): string {
    this.#users += 1
    const uniqueId = `AROA${String(this.#users).padStart(17, '0')}`
    this.users.set(arn, { uniqueId, trust, boundary })
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

  principal(principalArn: string): Promise<FoundPrincipal | undefined> {
    return this.#faults.around(`Get${kindOf(principalArn)}`, () => this.users.get(principalArn))
  }

  attach(principalArn: string, policyArn: string): Promise<void> {
    return this.#faults.around(`Attach${kindOf(principalArn)}Policy`, () => {
      if (!this.users.has(principalArn)) throw new NoSuchEntity(principalArn)
      this.#policy(policyArn).attachments.add(entityOf(principalArn))
    })
  }

  isAttached(principalArn: string, policyArn: string): Promise<boolean> {
    return this.#faults.around(`ListAttached${kindOf(principalArn)}Policies`, () => {
      return !this.isListingBehind && this.attachmentsOf(policyArn).includes(entityOf(principalArn))
    })
  }

  takeFrom(principalArn: string, policyArn: string): Promise<'detached' | 'gone'> {
    return this.#faults.around('DetachPolicy', () => {
      const wasThere = this.policies.get(policyArn)?.attachments.delete(entityOf(principalArn)) ?? false
      return wasThere ? 'detached' : 'gone'
    })
  }

  /** A policy of AWS, which is there without anybody's doing. */
  addManaged(policyArn: string, document: unknown): void {
    this.policies.set(policyArn, {
      versions: new Map([['v1', document]]),
      defaultVersion: 'v1',
      tags: {},
      attachments: new Set(),
    })
  }

  async remove(policyArn: string) {
    let detached = 0
    for (let round = 1; await this.exists(policyArn); round += 1) {
      detached += await this.#detachAll(policyArn)
      try {
        await this.#faults.around('DeletePolicy', () => this.#delete(policyArn))
        return { found: true, detached }
      } catch (error) {
        if (!(error instanceof DeleteConflict) || round === 3) throw error
      }
    }
    return { found: detached > 0, detached }
  }

  exists(policyArn: string): Promise<boolean> {
    return this.#faults.around('GetPolicy', () => this.policies.has(policyArn) || this.lingering.has(policyArn))
  }

  async *grantPolicies(): AsyncIterable<string> {
    let marker: string | undefined
    do {
      const page = await this.#faults.around('ListPolicies', () => {
        const arns = [...this.policies.keys()].filter(arn => arn.includes(`:policy${GRANT_PATH}`)).sort()
        const rest = arns.filter(arn => marker === undefined || arn > marker)
        return { arns: rest.slice(0, this.pageSize), isTruncated: rest.length > this.pageSize }
      })
      yield* page.arns
      marker = page.isTruncated ? page.arns.at(-1) : undefined
    } while (marker !== undefined)
  }

  look(policyArn: string): Promise<FoundPolicy | undefined> {
    return this.#faults.around('ListEntitiesForPolicy', () => {
      const policy = this.policies.get(policyArn)
      return (
        policy && {
          arn: policyArn,
          defaultVersionId: policy.defaultVersion,
          documentHash: documentHash(policy.versions.get(policy.defaultVersion)),
          attachedTo: this.attachmentsOf(policyArn).map(entity => this.#holder(entity)),
        }
      )
    })
  }

  detach(policyArn: string, { kind, name }: Attachment): Promise<void> {
    return this.#faults.around('DetachPolicy', () => {
      const entity = this.attachmentsOf(policyArn).find(
        one => this.#holder(one).kind === kind && this.#holder(one).name === name,
      )
      if (entity !== undefined) this.policies.get(policyArn)?.attachments.delete(entity)
    })
  }

  attachedTo(principalArn: string): Promise<number> {
    return this.#faults.around(
      `ListAttached${kindOf(principalArn)}Policies`,
      () => [...this.policies.keys()].filter(arn => this.attachmentsOf(arn).includes(entityOf(principalArn))).length,
    )
  }

  ofAccount(): Promise<{ readonly used: number; readonly quota: number }> {
    return this.#faults.around('GetAccountSummary', () => ({ used: this.policies.size, quota: 1500 }))
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

  detachFrom(entity: string, policyArn: string): void {
    this.#policy(policyArn).attachments.delete(entity)
  }

  attachmentsOf(policyArn: string): readonly string[] {
    return [...(this.policies.get(policyArn)?.attachments ?? [])]
  }

  #policy(policyArn: string): StoredPolicy {
    const policy = this.policies.get(policyArn)
    if (!policy) throw new NoSuchEntity(policyArn)
    return policy
  }

  async #detachAll(policyArn: string): Promise<number> {
    const entities = await this.#faults.around('ListEntitiesForPolicy', () => this.attachmentsOf(policyArn))
    for (const entity of entities) {
      await this.#faults.around('DetachPolicy', () => this.policies.get(policyArn)?.attachments.delete(entity))
    }
    const policy = this.policies.get(policyArn)
    for (const version of policy ? [...policy.versions.keys()] : []) {
      if (version === policy?.defaultVersion) continue
      await this.#faults.around('DeletePolicyVersion', () => this.policies.get(policyArn)?.versions.delete(version))
    }
    return entities.length
  }

  #holder(entity: string): Attachment {
    const [kind = '', arnOrName = ''] = entity.split(' ')
    const name = arnOrName.slice(arnOrName.lastIndexOf('/') + 1)
    if (kind === 'role') return { kind, name, uniqueId: this.users.get(arnOrName)?.uniqueId ?? `AROA${name}` }
    if (kind === 'group') return { kind, name, uniqueId: `AGPA${name}` }
    return { kind: 'user', name, uniqueId: this.users.get(arnOrName)?.uniqueId ?? `AIDA${name}` }
  }

  #delete(policyArn: string): void {
    const policy = this.policies.get(policyArn)
    if (!policy) return
    if (policy.attachments.size > 0 || policy.versions.size > 1) throw new DeleteConflict(policyArn)
    this.policies.delete(policyArn)
  }
}
