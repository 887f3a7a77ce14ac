import { describe, expect, it } from '@jest/globals'
import type { LeaseStore } from '../../lambdas/application/ports/lease-store.ts'
import type { Lease } from '../../lambdas/domain/lease.ts'
import { ASKED_AT } from '../support/a-request.ts'
import { chance } from '../support/an-access-file.ts'

function aLease(overrides: Partial<Lease> = {}): Lease {
  return {
    principalArn: `arn:aws:iam::111122223333:user/people/${chance.word()}-${chance.text('0123456789', 8)}`,
    policyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess',
    holders: ['01JZXAMPLE0000000000000000'],
    isFree: false,
    attachingUntil: ASKED_AT,
    version: 1,
    ...overrides,
  }
}

/** What every keeper of leases must do; run against the fake and against DynamoDB. */
export function leaseContract(name: string, leases: () => LeaseStore): void {
  const unsettled = async (principalArn: string) => {
    const found: Lease[] = []
    for await (const lease of leases().unsettled()) if (lease.principalArn === principalArn) found.push(lease)
    return found
  }

  describe(`${name}: leases`, () => {
    it('GRA-07 a lease is read as it was written, and one that was never written is not there', async () => {
      const lease = aLease({ detachingUntil: new Date('2027-03-01T11:00:00Z') })
      expect(await leases().find(lease.principalArn, lease.policyArn)).toBeUndefined()

      expect(await leases().write(lease)).toBe('won')

      expect(await leases().find(lease.principalArn, lease.policyArn)).toEqual(lease)
      expect(await leases().find(lease.principalArn, 'arn:aws:iam::aws:policy/Other')).toBeUndefined()
    })

    it('GRA-07 of writes of one version one wins, the first of all and any later', async () => {
      const lease = aLease()
      const firsts = await Promise.all(['a', 'b', 'c'].map(id => leases().write({ ...lease, holders: [id] })))
      expect(firsts.filter(outcome => outcome === 'won')).toHaveLength(1)

      const seconds = await Promise.all(
        ['a', 'b', 'c'].map(id => leases().write({ ...lease, version: 2, holders: [id] })),
      )
      expect(seconds.filter(outcome => outcome === 'won')).toHaveLength(1)
      expect(await leases().write({ ...lease, version: 2 })).toBe('lost')
      expect(await leases().write({ ...lease, version: 4 })).toBe('lost')
    })

    it('GRA-07 all that are not free are found, with what was written last', async () => {
      const lease = aLease()
      await leases().write(lease)
      const leaving = { ...lease, holders: [], version: 2 }
      await leases().write(leaving)
      expect(await unsettled(lease.principalArn)).toEqual([leaving])

      await leases().write({ ...leaving, isFree: true, version: 3 })
      expect(await unsettled(lease.principalArn)).toEqual([])
    })
  })
}
