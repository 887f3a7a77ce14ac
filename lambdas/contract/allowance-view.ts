import type { Allowance, AutomaticAllowance, BreakGlassAllowance } from '../domain/allowance.ts'
import { toIsoDuration } from '../domain/duration.ts'
import { toInstant } from '../domain/instant.ts'
import type { OpenDebt } from '../domain/past.ts'

/** What is left to a person of an entitlement, as the API shows it; nothing for an entitlement without such rules. */
export function allowanceView({ automatic, breakGlass, caps }: Allowance) {
  return {
    ...(automatic.length > 0 && { automatic: automatic.map(automaticView) }),
    ...(breakGlass && { breakGlass: breakGlassView(breakGlass) }),
    ...(caps && { caps: capsView(caps) }),
  }
}

function automaticView({ name, maximumSeconds, mostPerWeek, left, isWithinHours }: AutomaticAllowance) {
  const within = isWithinHours ? 'hours' : 'always'
  return { name, upTo: toIsoDuration(maximumSeconds), mostPerWeek, left, within }
}

function breakGlassView({ maximumSeconds, reviewWithinSeconds, reviewers, openDebt }: BreakGlassAllowance) {
  return {
    maximumDuration: toIsoDuration(maximumSeconds),
    reviewWithin: toIsoDuration(reviewWithinSeconds),
    reviewers,
    openDebt: openDebt && openDebtView(openDebt),
  }
}

function capsView({ most, left }: NonNullable<Allowance['caps']>) {
  const { mostOpen, mostPerWeek, mostSecondsPerWeek } = most
  return {
    open: mostOpen === undefined ? undefined : { most: mostOpen, left: left.mostOpen },
    perWeek: mostPerWeek === undefined ? undefined : { most: mostPerWeek, left: left.mostPerWeek },
    timePerWeek:
      mostSecondsPerWeek === undefined
        ? undefined
        : { most: toIsoDuration(mostSecondsPerWeek), left: toIsoDuration(left.mostSecondsPerWeek ?? 0) },
  }
}

function openDebtView({ requestId, dueBy }: OpenDebt) {
  return { requestId, dueBy: toInstant(dueBy) }
}
