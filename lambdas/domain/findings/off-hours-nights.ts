import { type AccessFile, own } from '../access-file.ts'
import { type BusinessHours, isWithinHours, nextOpening } from '../business-hours.ts'
import { plusSeconds } from '../instant.ts'
import { DAY_SECONDS } from './lately.ts'

/** What happens within this time of one another is one night. */
const NIGHT_SECONDS = 12 * 3600
export const NIGHTS_KEPT_SECONDS = 91 * DAY_SECONDS
export const MOST_NIGHTS = 12

/** Working time where the person is: the hours of the organisation on the clock of their own zone, if they have one. */
export function hoursOf({ hours, people }: AccessFile, person: string): BusinessHours | undefined {
  return hours && { ...hours, timezone: own(people, person)?.timezone ?? hours.timezone }
}

/** Whether no working time lies within the grace of an instant, before or after it. */
export function isOffHours(hours: BusinessHours, at: Date, graceSeconds: number): boolean {
  if (isWithinHours(hours, at)) return false
  const opening = nextOpening(hours, plusSeconds(at, -graceSeconds))
  return !opening || opening > plusSeconds(at, graceSeconds)
}

/** The nights with this instant, unless it belongs to one of them. */
export function nightsWith(nights: readonly Date[], at: Date): readonly Date[] {
  if (nights.some(night => Math.abs(night.getTime() - at.getTime()) < NIGHT_SECONDS * 1000)) return nights
  const all = [...nights, at].sort((a, b) => a.getTime() - b.getTime())
  const newest = all.at(-1) ?? at
  return all.filter(night => night > plusSeconds(newest, -NIGHTS_KEPT_SECONDS)).slice(-MOST_NIGHTS)
}
