import * as z from 'zod/mini'
import { toInstant } from '../domain/instant.ts'
import type { OpenDebt } from '../domain/past.ts'
import type { Request } from '../domain/request.ts'
import type { Uses } from '../domain/uses.ts'
import { DEBTS_OPEN, debtKey, usesKey } from './keys.ts'
import { $StoredInstant, read } from './rows.ts'

const $Uses = z.object({
  version: z.number(),
  uses: z.array(
    z.object({
      requestId: z.string(),
      entitlement: z.string(),
      at: $StoredInstant,
      seconds: z.number(),
      how: z.enum(['asked', 'automatic', 'break-glass']),
      isOpen: z.boolean(),
    }),
  ),
})

const $Debt = z.object({ state: z.enum(['open', 'closed']), requestId: z.string(), dueBy: $StoredInstant })

/** What a person has had of late, as their row; `version` is that of the row it replaces. */
export function usesRow(person: string, { version, uses }: Uses) {
  const stored = uses.map(use => ({ ...use, at: toInstant(use.at) }))
  return { ...usesKey(person), kind: 'uses', version: version + 1, uses: stored }
}

/** @throws StoredShapeError when the row is not what `usesRow` writes. */
export function readUses(row: unknown): Uses {
  return row === undefined ? { version: 0, uses: [] } : read($Uses, row)
}

/** The review a request owes, or owed, as the row of its requester. No row is ever deleted, so a closed debt stays as closed, out of the index. */
export function debtRow({ id, requester, debt }: Request) {
  const state = debt?.closed ? 'closed' : 'open'
  const indexed = state === 'open' ? { open: DEBTS_OPEN, id } : {}
  return { ...debtKey(requester), kind: 'debt', state, requestId: id, dueBy: debt && toInstant(debt.dueBy), ...indexed }
}

/** @throws StoredShapeError when the row is not what `debtRow` writes. */
export function readOpenDebt(row: unknown): OpenDebt | undefined {
  if (row === undefined) return undefined
  const { state, requestId, dueBy } = read($Debt, row)
  return state === 'open' ? { requestId, dueBy } : undefined
}
