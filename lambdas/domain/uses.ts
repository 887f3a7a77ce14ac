import type { Entitlement } from './access-file.ts'
import { isOver, plusSeconds } from './instant.ts'
import { isOpen, type Request } from './request.ts'

/** One ask of a person that was let in, as it is counted. */
export interface Use {
  readonly requestId: string
  readonly entitlement: string
  readonly at: Date
  readonly seconds: number
  readonly how: 'asked' | 'automatic' | 'break-glass'
  /** Whether the request could still change when it was last looked at. */
  readonly isOpen: boolean
}

/** The asks of one person that count, oldest first. The version is that of their row; 0 where there is none yet. */
export interface Uses {
  readonly version: number
  readonly uses: readonly Use[]
}

/** What caps and automatic rules count over. */
export const WEEK_SECONDS = 7 * 86_400

/** Asks of one person that are kept. Far above what caps let through; a row of DynamoDB takes 400 KB. */
export const MOST_KEPT = 1000

/** Whether anything is counted for an entitlement. */
export function isCounted({ caps, automatic, breakGlass }: Entitlement): boolean {
  return caps !== undefined || automatic !== undefined || breakGlass !== undefined
}

/** A request that was just let in, as it is counted. */
export function useOf(request: Request): Use {
  const { id, entitlement, askedAt, durationSeconds, automatic, isBreakGlass } = request
  const how = isBreakGlass ? 'break-glass' : automatic === undefined ? 'asked' : 'automatic'
  return { requestId: id, entitlement, at: askedAt, seconds: durationSeconds, how, isOpen: isOpen(request) }
}

/** What a use is once its request was looked at again; undefined when nothing was granted and nothing can be any more. */
export function seenAgain(use: Use, request: Request): Use | undefined {
  if (isOpen(request)) return use
  return request.grant && { ...use, isOpen: false }
}

/** The uses that still count: of the last seven days, and older ones that are open. */
export function stillCounting(uses: readonly Use[], now: Date): readonly Use[] {
  return uses.filter(use => use.isOpen || isOfThisWeek(use, now))
}

/** Whether it was asked for in the seven days before `now`. */
export function isOfThisWeek({ at }: Use, now: Date): boolean {
  return !isOver(leavesAt({ at }), now)
}

/** When a use no longer counts for what holds in seven days. */
export function leavesAt({ at }: Pick<Use, 'at'>): Date {
  return plusSeconds(at, WEEK_SECONDS)
}
