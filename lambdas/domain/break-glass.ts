import { type AccessFile, type Entitlement, isMember, peopleOf } from './access-file.ts'
import type { BreakGlass } from './approval-rules.ts'
import { denial, type Match, type Unmatched } from './match-rule.ts'

/** The name that stands for a rule where an emergency lets somebody in. */
export const BREAK_GLASS = 'break-glass'

/** Whether a person may take the entitlement in an emergency. Who is named for it needs no allowing rule; deny wins here too. */
export function matchBreakGlass(access: AccessFile, requester: string, entitlement: Entitlement): Match {
  const denied = denial(access, requester, entitlement)
  if (denied) return denied
  const { breakGlass, id } = entitlement
  const unmatched = (detail: string): Unmatched => ({ outcome: 'unmatched', rule: BREAK_GLASS, detail })
  if (!breakGlass) return unmatched(`there is no emergency access to ${id}`)
  if (!isMember(access, requester, breakGlass.members)) {
    return unmatched(`${requester} has no emergency access to ${id}`)
  }
  return { outcome: 'matched', rule: BREAK_GLASS, maximumSeconds: breakGlass.maximumSeconds }
}

/** Person ids of those who may close the review of an emergency of the requester, who is never among them. */
export function reviewersFor(
  access: AccessFile,
  { reviewers }: Pick<BreakGlass, 'reviewers'>,
  requester: string,
): readonly string[] {
  return peopleOf(access, reviewers)
    .map(({ id }) => id)
    .filter(id => id !== requester)
}
