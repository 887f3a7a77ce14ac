import { type BusinessHours, isWithinHours, plusBusinessSeconds } from './business-hours.ts'
import { plusSeconds } from './instant.ts'
import type { Request } from './request.ts'

/** What of a request lies outside the organisation's hours. */
export interface OffHours {
  /** It was asked then. */
  readonly asked: boolean
  /** Some of the time it asks for lies there, if it is approved as soon as it can be. */
  readonly window: boolean
}

/** Undefined where the organisation has named no hours: then every hour is a working hour. */
export function offHoursOf(
  hours: BusinessHours | undefined,
  { askedAt, earliestStart, durationSeconds }: Pick<Request, 'askedAt' | 'earliestStart' | 'durationSeconds'>,
): OffHours | undefined {
  if (!hours) return undefined
  const start = earliestStart && earliestStart > askedAt ? earliestStart : askedAt
  const workedBy = plusBusinessSeconds(hours, start, durationSeconds)
  return { asked: !isWithinHours(hours, askedAt), window: workedBy > plusSeconds(start, durationSeconds) }
}
