import { type AccessFile, own } from './access-file.ts'
import type { BreakGlass } from './approval-rules.ts'
import { reviewersFor } from './break-glass.ts'
import { plusSeconds, toInstant, wholeSeconds } from './instant.ts'
import { step, type Transition } from './lifecycle.ts'
import type { Debt, DebtVerdict, Request } from './request.ts'

/** The review that a request approved as an emergency now owes. */
export function debtOf({ reviewWithinSeconds }: BreakGlass, reviewers: readonly string[], usedAt: Date): Debt {
  return { dueBy: wholeSeconds(plusSeconds(usedAt, reviewWithinSeconds)), reviewers }
}

export type DebtClosing =
  | { readonly outcome: 'closed'; readonly transition: Transition }
  | {
      readonly outcome: 'refused'
      readonly why: 'no-debt' | 'debt-closed' | 'own-request' | 'not-a-reviewer'
      readonly detail: string
    }

/**
 * A reviewer's verdict on an emergency.
 *
 * Invariant: who used it never closes the review of it. People are compared by person id, so another account of theirs does not help.
 */
export function closeDebt(
  access: AccessFile,
  request: Request,
  review: { readonly by: string; readonly at: Date; readonly verdict: DebtVerdict; readonly comment: string },
): DebtClosing {
  const { by, at, verdict, comment } = review
  const { debt, id, requester } = request
  const refused = (why: Extract<DebtClosing, { outcome: 'refused' }>['why'], detail: string): DebtClosing => ({
    outcome: 'refused',
    why,
    detail,
  })
  if (!debt) return refused('no-debt', `request ${id} owes no review`)
  if (by === requester) return refused('own-request', 'nobody reviews their own emergency')
  if (!reviewersToday(access, request).includes(by)) return refused('not-a-reviewer', `${by} is no reviewer of ${id}`)
  if (debt.closed) return refused('debt-closed', `${debt.closed.by} reviewed it at ${toInstant(debt.closed.at)}`)
  const transition = step(request, {
    at,
    actor: { person: by },
    type: 'debt-closed',
    details: { verdict, comment },
    change: { debt: { ...debt, closed: review } },
  })
  return { outcome: 'closed', transition }
}

/** Who may close the review of a request now: the reviewers of today's access file, or those of its day if nobody is named any more. */
export function reviewersToday(access: AccessFile, { entitlement, debt, requester }: Request): readonly string[] {
  const today = own(access.entitlements, entitlement)?.breakGlass
  return today ? reviewersFor(access, today, requester) : (debt?.reviewers ?? []).filter(id => id !== requester)
}
