/** Who reads a page or a mail, and where their clock stands. */
export interface Reader {
  readonly name: string
  /** IANA zone, `Europe/Berlin`. */
  readonly timezone: string
}

/** Windows and receipts are facts to the second; deadlines read better in minutes, and cutting the seconds errs on the early side. */
export type Precision = 'minute' | 'second'

/**
 * An instant for a reader: `Mon 1 Mar 2027, 12:00 (Europe/Berlin) · 11:00 UTC`. The day is said again where it is another in UTC.
 *
 * @throws RangeError when the zone is none.
 */
export function readerTimes(date: Date, timezone: string, precision: Precision = 'minute'): string {
  const there = clock(date, timezone, precision)
  const utc = clock(date, 'UTC', precision)
  if (timezone === 'UTC') return `${utc.day}, ${utc.time} UTC`
  const inUtc = there.day === utc.day ? utc.time : `${utc.day}, ${utc.time}`
  return `${there.day}, ${there.time} (${timezone}) · ${inUtc} UTC`
}

/** Seconds in words: `1 hour 30 minutes`. */
export function durationWords(seconds: number): string {
  const parts = [
    [Math.floor(seconds / 3600), 'hour'],
    [Math.floor((seconds % 3600) / 60), 'minute'],
    [seconds % 60, 'second'],
  ] as const
  const named = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}${count === 1 ? '' : 's'}`)
  return named.length > 0 ? named.join(' ') : '0 seconds'
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** Building a format costs some 50 µs, so one is kept for each zone. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone)
  if (known) return known
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  })
  formats.set(timeZone, format)
  return format
}

function clock(date: Date, timezone: string, precision: Precision): { readonly day: string; readonly time: string } {
  const parts = formatOf(timezone).formatToParts(date)
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.find(each => each.type === type)?.value ?? ''
  const minutes = `${part('hour')}:${part('minute')}`
  return {
    day: `${part('weekday')} ${part('day')} ${part('month')} ${part('year')}`,
    time: precision === 'second' ? `${minutes}:${part('second')}` : minutes,
  }
}
