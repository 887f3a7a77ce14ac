import type { Lease } from '../../domain/lease.ts'

/** Keeps who has an AWS-managed policy as it is. */
export interface LeaseStore {
  /** As it is now, whoever has just written it. */
  find(principalArn: string, policyArn: string): Promise<Lease | undefined>
  /** Writes the lease if its version follows the one that is kept; of two writes of one version one wins. */
  write(lease: Lease): Promise<'won' | 'lost'>
  /** Every lease that is not free. */
  unsettled(): AsyncIterable<Lease>
}
