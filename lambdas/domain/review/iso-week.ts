import type { Period } from '../period.ts'

const DAY_MS = 86_400_000

/** The ISO 8601 week an instant lies in, by UTC: `2026-W53`. Its year is the one its Thursday lies in. */
export function isoWeekOf(instant: Date): string {
  const day = Math.floor(instant.getTime() / DAY_MS)
  const weekday = (day + 3) % 7
  const thursday = new Date((day - weekday + 3) * DAY_MS)
  const year = thursday.getUTCFullYear()
  const week = Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / (7 * DAY_MS)) + 1
  return `${year}-W${String(week).padStart(2, '0')}`
}

/** Every week the period touches up to `now`, in order: a week without a request is a fact too. */
export function isoWeeksOf({ from, to }: Period, now: Date): readonly string[] {
  const end = Math.min(to.getTime() - 1, now.getTime())
  const weeks = new Set<string>()
  for (let time = from.getTime(); time <= end; time += DAY_MS) weeks.add(isoWeekOf(new Date(time)))
  if (end >= from.getTime()) weeks.add(isoWeekOf(new Date(end)))
  return [...weeks]
}
