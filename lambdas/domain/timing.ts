import type { AccessFile } from './access-file.ts'
import { toIsoDuration } from './duration.ts'
import { plusSeconds, toInstant } from './instant.ts'
import type { Matched } from './match-rule.ts'

/** How far ahead a grant may be asked for. */
export const FARTHEST_START_SECONDS = 30 * 86_400

export interface Untimely {
  readonly code: 'duration-too-long' | 'duration-too-short' | 'start-too-far'
  readonly detail: string
  readonly wouldPass: string
}

interface Timing {
  readonly durationSeconds: number
  readonly earliestStart?: Date | undefined
  readonly isBreakGlass?: boolean | undefined
}

/** What is wrong with how long and from when something is asked for, if anything. */
export function untimely(
  { limits: { shortestGrantSeconds } }: AccessFile,
  { rule, maximumSeconds }: Matched,
  { durationSeconds, earliestStart, isBreakGlass }: Timing,
  now: Date,
): Untimely | undefined {
  const range = `a duration from ${toIsoDuration(shortestGrantSeconds)} to ${toIsoDuration(maximumSeconds)}`
  if (durationSeconds > maximumSeconds) {
    const detail = `${toIsoDuration(durationSeconds)} is longer than the ${toIsoDuration(maximumSeconds)} that rule ${rule} allows`
    return { code: 'duration-too-long', detail, wouldPass: range }
  }
  if (durationSeconds < shortestGrantSeconds) {
    const detail = `${toIsoDuration(durationSeconds)} is shorter than ${toIsoDuration(shortestGrantSeconds)}`
    return { code: 'duration-too-short', detail, wouldPass: range }
  }
  if (isBreakGlass && earliestStart && earliestStart > now) {
    const detail = 'an emergency starts at once'
    return { code: 'start-too-far', detail, wouldPass: 'the same request without a start' }
  }
  const farthest = plusSeconds(now, FARTHEST_START_SECONDS)
  if (!earliestStart || earliestStart <= farthest) return undefined
  const wouldPass = `a start before ${toInstant(farthest)}`
  return { code: 'start-too-far', detail: 'the start lies too far ahead', wouldPass }
}
