import { offsetAt } from './wall-clock.ts'

export const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const
export type Weekday = (typeof WEEKDAYS)[number]

/** When an organisation works: spans per weekday in one zone, and holidays as local dates. */
export interface BusinessHours {
  /** IANA zone, `Europe/Berlin`. */
  readonly timezone: string
  readonly spans: readonly BusinessSpan[]
  /** `2026-12-25`. Spans that begin on one of these days do not count; one that runs into it from the day before does. */
  readonly holidays: readonly string[]
}

/** From one time of the wall clock up to, not including, another. One whose end is not after its start runs over midnight into the next day. */
export interface BusinessSpan {
  /** The days on which it begins. */
  readonly days: readonly Weekday[]
  /** `08:00`. */
  readonly from: string
  /** `18:00`; `24:00` is the end of the day. */
  readonly to: string
}

/**
 * Whether an instant lies in the organisation's hours. The wall clock decides: when clocks go back, an hour that is shown twice counts
 * twice, and when they go forward, what is skipped does not count.
 *
 * @throws RangeError when the hours name no zone or a time that no clock shows.
 */
export function isWithinHours(hours: BusinessHours, at: Date): boolean {
  const wall = at.getTime() + offsetAt(at, hours.timezone)
  const minute = (wall - startOfDay(wall)) / MINUTE
  return (
    spansBegunOn(hours, wall).some(({ from, to }) => from <= minute && minute < to) ||
    spansBegunOn(hours, wall - DAY).some(({ from, to }) => from <= minute + 1440 && minute + 1440 < to)
  )
}

/**
 * The first instant at which `seconds` of business time have passed since `from`; used by ladders that count only working time.
 *
 * @throws RangeError when the seconds are negative, or when no business time comes within a year.
 */
export function plusBusinessSeconds(hours: BusinessHours, from: Date, seconds: number): Date {
  if (!(seconds >= 0)) throw new RangeError(`${seconds} seconds cannot be counted forward`)
  let at = from
  for (let left = seconds * 1000; left > 0; ) {
    const opening = nextOpening(hours, at)
    if (!opening) throw new RangeError(`no business time within a year after ${at.toISOString()}`)
    const change = nextChange(hours, opening)
    const passed = Math.min(left, change.getTime() - opening.getTime())
    left -= passed
    at = new Date(opening.getTime() + passed)
  }
  return at
}

/** The first instant at or after `at` that lies in the hours, or undefined when none does within a year. */
export function nextOpening(hours: BusinessHours, at: Date): Date | undefined {
  const last = at.getTime() + 366 * DAY
  for (let each = at; each.getTime() <= last; each = nextChange(hours, each)) {
    if (isWithinHours(hours, each)) return each
  }
  return undefined
}

const MINUTE = 60_000
const DAY = 1440 * MINUTE

/**
 * The next instant at which the hours may begin or end: when the wall clock shows a time of a span or midnight, or when it is moved.
 * Until then one answer holds.
 */
function nextChange({ timezone, spans }: BusinessHours, at: Date): Date {
  const offset = offsetAt(at, timezone)
  const wall = at.getTime() + offset
  const times = spans.flatMap(({ from, to }) => [minuteOf(from), minuteOf(to)])
  const next = Math.min(...[...times, 1440].map(time => startOfDay(wall) + time * MINUTE).filter(time => time > wall))
  const change = new Date(next - offset)
  return offsetAt(change, timezone) === offset ? change : firstWithOtherOffset(timezone, at, change)
}

/** When the clocks are moved, to the millisecond. `before` and `after` show different offsets and are a day apart at the most. */
function firstWithOtherOffset(timezone: string, before: Date, after: Date): Date {
  const offset = offsetAt(before, timezone)
  let [low, high] = [before.getTime(), after.getTime()]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (offsetAt(new Date(middle), timezone) === offset) low = middle
    else high = middle
  }
  return new Date(high)
}

/** The spans that begin on the day of a wall clock, in minutes of that day; one that runs over midnight ends after minute 1440. */
function spansBegunOn({ spans, holidays }: BusinessHours, wall: number) {
  const day = new Date(wall)
  if (holidays.includes(day.toISOString().slice(0, 10))) return []
  const weekday = WEEKDAYS[day.getUTCDay()]
  return spans
    .filter(({ days }) => days.some(each => each === weekday))
    .map(span => {
      const [from, to] = [minuteOf(span.from), minuteOf(span.to)]
      return { from, to: to > from ? to : to + 1440 }
    })
}

function startOfDay(wall: number): number {
  return Math.floor(wall / DAY) * DAY
}

/** The minutes of the day at a time of the clock. */
function minuteOf(time: string): number {
  const { hour, minute } = /^(?<hour>[01]\d|2[0-3]|24(?=:00$)):(?<minute>[0-5]\d)$/.exec(time)?.groups ?? {}
  if (hour === undefined || minute === undefined) throw new RangeError(`${time} is no time of a clock`)
  return Number(hour) * 60 + Number(minute)
}
