import type { LeaseStore } from '../../lambdas/application/ports/lease-store.ts'
import type { Lease } from '../../lambdas/domain/lease.ts'
import { Faults } from './faults.ts'

const keyOf = (principalArn: string, policyArn: string): string => `${principalArn} ${policyArn}`

export class InMemoryLeaseStore implements LeaseStore {
  readonly #rows = new Map<string, Lease>()
  readonly #faults: Faults

  constructor(faults = new Faults()) {
    this.#faults = faults
  }

  find(principalArn: string, policyArn: string): Promise<Lease | undefined> {
    return this.#faults.around('leases.find', () => this.#rows.get(keyOf(principalArn, policyArn)))
  }

  write(lease: Lease): Promise<'won' | 'lost'> {
    return this.#faults.around('leases.write', () => {
      const key = keyOf(lease.principalArn, lease.policyArn)
      if ((this.#rows.get(key)?.version ?? 0) !== lease.version - 1) return 'lost'
      this.#rows.set(key, lease)
      return 'won'
    })
  }

  async *unsettled(): AsyncIterable<Lease> {
    yield* await this.#faults.around('leases.unsettled', () => [...this.#rows.values()].filter(({ isFree }) => !isFree))
  }
}
