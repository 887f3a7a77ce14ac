import { type AccessFile, type Entitlement, isMember } from './access-file.ts'
import type { AutomaticRule } from './approval-rules.ts'
import { isWithinHours } from './business-hours.ts'
import { isOfThisWeek, type Use } from './uses.ts'

/** An ask as automatic rules look at it. */
export interface RuledAsk {
  readonly requester: string
  readonly durationSeconds: number
  readonly earliestStart?: Date | undefined
}

/**
 * The rules by which an ask of this size and at this time needs nobody, however often the person had it before; by name.
 */
export function fittingRules(
  access: AccessFile,
  entitlement: Entitlement,
  { requester, durationSeconds, earliestStart }: RuledAsk,
  now: Date,
): readonly AutomaticRule[] {
  const { hours } = access
  const start = earliestStart && earliestStart > now ? earliestStart : now
  const isInHours = !hours || [now, start].every(at => isWithinHours(hours, at))
  return rulesFor(access, entitlement, requester)
    .filter(rule => durationSeconds <= rule.maximumSeconds)
    .filter(rule => !rule.isWithinHours || isInHours)
}

/**
 * The rules that name the person, by name.
 *
 * Invariant: nothing of high risk, and nothing that demands signed decisions, is ever approved by rule.
 */
export function rulesFor(
  access: AccessFile,
  { automatic = [], risk, assurance }: Entitlement,
  person: string,
): readonly AutomaticRule[] {
  if (risk === 'high' || assurance === 'signed') return []
  return automatic.filter(({ members }) => isMember(access, person, members)).sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** How often the person was approved by rule in the last seven days. */
export function automaticUses({ id }: Pick<Entitlement, 'id'>, uses: readonly Use[], now: Date): number {
  return uses.filter(use => use.entitlement === id && use.how === 'automatic' && isOfThisWeek(use, now)).length
}
