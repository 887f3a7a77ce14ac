import { type AccessFile, own } from '../access-file.ts'
import { plusSeconds } from '../instant.ts'
import { offsetAt } from '../wall-clock.ts'

export const DAY_SECONDS = 86_400
export const WEEK_SECONDS = 7 * DAY_SECONDS

/** What happened in the seconds up to an instant. What is noted already and came later does not count: events of different requests come in any order. */
export function lately<Entry extends { readonly at: Date }>(
  entries: readonly Entry[],
  until: Date,
  seconds: number,
): readonly Entry[] {
  const last = until.getTime()
  const from = last - seconds * 1000
  return entries.filter(({ at }) => at.getTime() > from && at.getTime() <= last)
}

/**
 * The entries of so many seconds around an instant: those up to it, then those up to each that came later and was noted before it. So what
 * happened within that time is seen together, whichever event of it comes last.
 */
export function spansAround<Entry extends { readonly at: Date }>(
  entries: readonly Entry[],
  instant: Date,
  seconds: number,
): readonly (readonly Entry[])[] {
  const last = plusSeconds(instant, seconds)
  const later = entries.filter(({ at }) => at > instant && at < last)
  return [instant, ...later.map(({ at }) => at)].map(until => lately(entries, until, seconds))
}

/** The entries with one more, or another in its place, oldest first. */
export function inOrder<Entry extends { readonly at: Date }>(
  entries: readonly Entry[],
  known: Entry | undefined,
  entry: Entry,
): readonly Entry[] {
  if (known) return entries.map(each => (each === known ? entry : each))
  const next = entries.findIndex(({ at }) => at > entry.at)
  return next === -1 ? [...entries, entry] : entries.toSpliced(next, 0, entry)
}

/** The zone in which a person reads a clock: their own, or that of the organisation. */
export function zoneOf({ people, timezone }: AccessFile, person: string): string {
  return own(people, person)?.timezone ?? timezone
}

/** The day of an instant in a zone, `2026-03-29`. */
export function dayOf(at: Date, timezone: string): string {
  return new Date(at.getTime() + offsetOn(at, timezone)).toISOString().slice(0, 10)
}

/** Asking a zone costs some 10 µs, and a rule asks for each of a hundred asks: a UTC day on which no clock is moved is asked about once. */
function offsetOn(at: Date, timezone: string): number {
  const day = Math.floor(at.getTime() / 1000 / DAY_SECONDS)
  const [from, to] = [day, day + 1].map(each => offsetAtStartOf(each, timezone))
  return from !== undefined && from === to ? from : offsetAt(at, timezone)
}

const offsets = new Map<string, number>()

function offsetAtStartOf(day: number, timezone: string): number {
  const key = `${timezone} ${day}`
  const offset = offsets.get(key) ?? offsetAt(new Date(day * DAY_SECONDS * 1000), timezone)
  offsets.set(key, offset)
  return offset
}

/** `29 March`. */
export function dayInWords(day: string): string {
  const [, month, date] = day.split('-').map(Number)
  return `${date} ${MONTHS[(month ?? 0) - 1]}`
}

/** The last few of many names, so that a sentence stays one. */
export function someOf(names: ReadonlySet<string>): string {
  const shown = [...names].slice(-MOST_NAMES).join(', ')
  return names.size > MOST_NAMES ? `${shown} and ${names.size - MOST_NAMES} more` : shown
}

const MOST_NAMES = 5

/** A span as people say it: `7 days`, `one day`, `5 minutes`. */
export function inWords(seconds: number): string {
  for (const [unit, name] of UNITS) {
    if (seconds % unit === 0) return seconds === unit ? `one ${name}` : `${seconds / unit} ${name}s`
  }
  return `${seconds} seconds`
}

const UNITS = [
  [DAY_SECONDS, 'day'],
  [3600, 'hour'],
  [60, 'minute'],
] as const

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const
