import { toShortDuration } from '../../domain/duration.ts'
import { toInstant } from '../../domain/instant.ts'
import type { Spread } from '../../domain/review/distribution.ts'

/** What stands where there is nothing to say. */
export const NONE = '–'

/** `2027-03-01 10:15:02`, in UTC as the report says at its head. */
export function when(date: Date | undefined): string {
  return date ? toInstant(date).replace('T', ' ').replace('Z', '') : NONE
}

/** Whole seconds in short, `1h30m`. */
export function brief(seconds: number | undefined): string {
  return seconds === undefined ? NONE : toShortDuration(Math.round(seconds))
}

/** One figure of a spread, in the spread's own unit. */
export function figureOf(spread: Spread | undefined, figure: keyof Spread): string {
  return spread ? spread[figure].toLocaleString('en-US') : NONE
}
