import * as z from 'zod/mini'
import { toInstant } from '../domain/instant.ts'
import type { Lease } from '../domain/lease.ts'
import { leaseKey } from './keys.ts'
import { $StoredInstant, read } from './rows.ts'

const $Lease = z.object({
  principalArn: z.string(),
  policyArn: z.string(),
  holders: z.array(z.string()),
  isFree: z.boolean(),
  attachingUntil: $StoredInstant,
  detachingUntil: z.optional($StoredInstant),
  version: z.number(),
})

/** A lease as its row. */
export function leaseRow({ attachingUntil, detachingUntil, ...lease }: Lease) {
  const late = {
    attachingUntil: toInstant(attachingUntil),
    detachingUntil: detachingUntil && toInstant(detachingUntil),
  }
  return { ...leaseKey(lease.principalArn, lease.policyArn), kind: 'lease', ...lease, ...late }
}

/** @throws StoredShapeError when the row is not what `leaseRow` writes. */
export function readLease(row: unknown): Lease {
  return read($Lease, row)
}
