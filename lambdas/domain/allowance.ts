import type { AccessFile, Entitlement } from './access-file.ts'
import type { Caps } from './approval-rules.ts'
import { automaticUses, rulesFor } from './automatic.ts'
import { matchBreakGlass, reviewersFor } from './break-glass.ts'
import { capsLeft } from './caps.ts'
import type { OpenDebt, Past } from './past.ts'

/** What a person may have of an entitlement without people, in an emergency, and in all. */
export interface Allowance {
  readonly automatic: readonly AutomaticAllowance[]
  readonly breakGlass?: BreakGlassAllowance | undefined
  readonly caps?: { readonly most: Caps; readonly left: Caps } | undefined
}

export interface AutomaticAllowance {
  readonly name: string
  readonly maximumSeconds: number
  readonly mostPerWeek: number
  readonly left: number
  readonly isWithinHours: boolean
}

export interface BreakGlassAllowance {
  readonly maximumSeconds: number
  readonly reviewWithinSeconds: number
  readonly reviewers: readonly string[]
  /** While it is open, an emergency waits for people. */
  readonly openDebt?: OpenDebt | undefined
}

/** What is left to a person of an entitlement, from what they have had of late. */
export function allowanceOf(
  access: AccessFile,
  person: string,
  entitlement: Entitlement,
  { uses, openDebt }: Past,
  now: Date,
): Allowance {
  const { breakGlass, caps } = entitlement
  const had = automaticUses(entitlement, uses, now)
  const mayBreakGlass = matchBreakGlass(access, person, entitlement).outcome === 'matched'
  return {
    automatic: rulesFor(access, entitlement, person).map(({ name, maximumSeconds, mostPerWeek, isWithinHours }) => ({
      name,
      maximumSeconds,
      mostPerWeek,
      left: Math.max(0, mostPerWeek - had),
      isWithinHours,
    })),
    ...(breakGlass && mayBreakGlass && { breakGlass: breakGlassOf(access, person, breakGlass, openDebt) }),
    ...(caps && { caps: { most: caps, left: capsLeft(entitlement, uses, now) } }),
  }
}

function breakGlassOf(
  access: AccessFile,
  person: string,
  breakGlass: NonNullable<Entitlement['breakGlass']>,
  openDebt: OpenDebt | undefined,
): BreakGlassAllowance {
  const { maximumSeconds, reviewWithinSeconds } = breakGlass
  const reviewers = reviewersFor(access, breakGlass, person)
  return { maximumSeconds, reviewWithinSeconds, reviewers, ...(openDebt && { openDebt }) }
}
