import type { Entitlement } from './access-file.ts'
import type { Caps } from './approval-rules.ts'
import { toIsoDuration } from './duration.ts'
import { toInstant } from './instant.ts'
import { isOfThisWeek, leavesAt, MOST_KEPT, type Use } from './uses.ts'

/** What a person may still have of an entitlement; a member for each cap it has. */
export type CapsLeft = Caps

/** What stands against a cap, with the numbers. */
export interface CapReached {
  readonly detail: string
  readonly wouldPass: string
}

/** An ask as caps count it. */
export interface CountedAsk {
  readonly durationSeconds: number
  /** The request whose grant it prolongs: the two are never in force together, so that one is not counted as open. */
  readonly extends?: string | undefined
}

/** What is left of each cap of an entitlement. */
export function capsLeft({ id, caps = {} }: Entitlement, uses: readonly Use[], now: Date): CapsLeft {
  const { open, week, seconds } = counted(id, uses, now)
  const left = (most: number, had: number): number => Math.max(0, most - had)
  const { mostOpen, mostPerWeek, mostSecondsPerWeek } = caps
  return {
    ...(mostOpen !== undefined && { mostOpen: left(mostOpen, open.length) }),
    ...(mostPerWeek !== undefined && { mostPerWeek: left(mostPerWeek, week.length) }),
    ...(mostSecondsPerWeek !== undefined && { mostSecondsPerWeek: left(mostSecondsPerWeek, seconds) }),
  }
}

/** The cap an ask would go over, if any, and when the same ask would pass. */
export function capReached(
  { id, caps = {} }: Entitlement,
  ask: CountedAsk,
  uses: readonly Use[],
  now: Date,
): CapReached | undefined {
  const { open, week, seconds } = counted(id, uses, now)
  const { mostOpen = Infinity, mostPerWeek = Infinity, mostSecondsPerWeek = Infinity } = caps
  const { durationSeconds } = ask
  const others = open.filter(({ requestId }) => requestId !== ask.extends)
  if (others.length >= mostOpen) {
    return {
      detail: `${counting(others.length, 'request')} of ${id} ${are(others.length)} open; the cap is ${mostOpen}`,
      wouldPass: 'the same request when one of them is over',
    }
  }
  if (week.length >= mostPerWeek) {
    return {
      detail: `${counting(week.length, 'grant')} of ${id} in the last seven days; the cap is ${mostPerWeek}`,
      wouldPass: `the same request from ${from(week[week.length - mostPerWeek])}`,
    }
  }
  if (seconds + durationSeconds > mostSecondsPerWeek) {
    return {
      detail: `${toIsoDuration(seconds)} of ${id} in the last seven days and ${toIsoDuration(durationSeconds)} more; the cap is ${toIsoDuration(mostSecondsPerWeek)}`,
      wouldPass: enoughTime(week, durationSeconds, mostSecondsPerWeek),
    }
  }
  if (uses.length < MOST_KEPT) return undefined
  const detail = `${uses.length} requests are counted for you; more than ${MOST_KEPT} are not kept`
  return { detail, wouldPass: `the same request from ${from(uses[0])}` }
}

function counted(entitlement: string, uses: readonly Use[], now: Date) {
  const mine = uses.filter(use => use.entitlement === entitlement).sort((a, b) => a.at.getTime() - b.at.getTime())
  const week = mine.filter(use => isOfThisWeek(use, now))
  return { open: mine.filter(({ isOpen }) => isOpen), week, seconds: week.reduce((sum, use) => sum + use.seconds, 0) }
}

/** A shorter duration that fits now, and when this one would. */
function enoughTime(week: readonly Use[], durationSeconds: number, mostSeconds: number): string {
  let had = week.reduce((sum, { seconds }) => sum + seconds, 0)
  const shorter = mostSeconds > had ? `${toIsoDuration(mostSeconds - had)} or less` : undefined
  if (durationSeconds > mostSeconds) return shorter ?? `${toIsoDuration(mostSeconds)} or less, later`
  const last = week.find(use => {
    had -= use.seconds
    return had + durationSeconds <= mostSeconds
  })
  return [shorter, `the same request from ${from(last)}`].filter(way => way !== undefined).join(', or ')
}

function from(use: Use | undefined): string {
  return use ? toInstant(leavesAt(use)) : 'now'
}

function counting(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

function are(count: number): string {
  return count === 1 ? 'is' : 'are'
}
