import { offsetAt, wallClock } from './wall-clock.ts'

/** A span of time a review looks at: from its first instant up to, not including, its last. */
export interface Period {
  /** `2026-Q4`, or `2026-10-01..2026-10-15` with its last day included. Names the review. */
  readonly name: string
  readonly from: Date
  readonly to: Date
}

const QUARTER = /^(?<year>[1-9]\d{3})-Q(?<quarter>[1-4])$/
const DAYS = /^(?<first>[1-9]\d{3}-\d{2}-\d{2})\.\.(?<last>[1-9]\d{3}-\d{2}-\d{2})$/

/** Reads a period's name in the organisation's zone, or gives undefined when it names none. */
export function periodNamed(name: string, timezone: string): Period | undefined {
  const quarter = QUARTER.exec(name)?.groups
  if (quarter) {
    const year = Number(quarter.year)
    const month = (Number(quarter.quarter) - 1) * 3
    return { name, from: startOfDay(year, month, 1, timezone), to: startOfDay(year, month + 3, 1, timezone) }
  }
  const days = DAYS.exec(name)?.groups
  const first = dayOf(days?.first)
  const last = dayOf(days?.last)
  if (!first || !last || last < first) return undefined
  return {
    name,
    from: startOfDay(first.getUTCFullYear(), first.getUTCMonth(), first.getUTCDate(), timezone),
    to: startOfDay(last.getUTCFullYear(), last.getUTCMonth(), last.getUTCDate() + 1, timezone),
  }
}

/** The name of the quarter an instant lies in, in the given zone: `2026-Q4`. */
export function quarterOf(now: Date, timezone: string): string {
  const { year, month } = wallClock(now, timezone)
  return `${year}-Q${Math.floor((month - 1) / 3) + 1}`
}

/** The name of the quarter before the one an instant lies in. */
export function quarterBefore(now: Date, timezone: string): string {
  const { year, month } = wallClock(now, timezone)
  const quarter = Math.floor((month - 1) / 3)
  return quarter === 0 ? `${year - 1}-Q4` : `${year}-Q${quarter}`
}

/** The calendar months (`2026-10`, UTC) a period touches, in order: how the ledger is partitioned. */
export function monthsOf({ from, to }: Period): readonly string[] {
  const months: string[] = []
  const last = new Date(to.getTime() - 1)
  for (let month = Date.UTC(from.getUTCFullYear(), from.getUTCMonth(), 1); month <= last.getTime(); ) {
    const date = new Date(month)
    months.push(monthOf(date))
    month = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1)
  }
  return months
}

/** The UTC calendar month of an instant, `2026-10`. */
export function monthOf(date: Date): string {
  return date.toISOString().slice(0, 7)
}

/** The UTC calendar month before, `2026-09` for `2026-10`. */
export function monthBefore(month: string): string {
  return monthOf(new Date(Date.parse(`${month}-01T00:00:00Z`) - 1))
}

/** From the first instant of one UTC month to the last of another: `2026-09`, `2026-10`. */
export function monthsBetween(first: string, last: string): Period {
  const from = new Date(`${first}-01T00:00:00Z`)
  const end = new Date(`${last}-01T00:00:00Z`)
  const to = new Date(Date.UTC(end.getUTCFullYear(), end.getUTCMonth() + 1, 1))
  return { name: `${first}..${last}`, from, to }
}

/** Whether the instant lies in the period. */
export function isWithin({ from, to }: Period, instant: Date): boolean {
  return instant >= from && instant < to
}

function dayOf(text: string | undefined): Date | undefined {
  const date = new Date(`${text}T00:00:00Z`)
  return text !== undefined && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) ? date : undefined
}

/**
 * The first instant of a local day: the UTC guess corrected by the zone's offset there, and once more for days on which the offset
 * changes. Where clocks go forward at midnight the second correction leaves the day; then the first one is its beginning.
 */
function startOfDay(year: number, month: number, day: number, timezone: string): Date {
  const guess = Date.UTC(year, month, day)
  const once = new Date(guess - offsetAt(new Date(guess), timezone))
  const twice = new Date(guess - offsetAt(once, timezone))
  return wallClock(twice, timezone).day === new Date(guess).getUTCDate() ? twice : once
}
