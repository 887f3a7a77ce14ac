import { WEEKDAYS } from '../../lambdas/domain/business-hours.ts'
import type { Flaw, Path } from './flaw.ts'
import type { SoundHours, SoundParts } from './sound-parts.ts'
import type { SoundList } from './sound-values.ts'

type Span = NonNullable<SoundHours['spans'][number]>

/** Working time that says something twice or nothing, and `within: hours` where there are none. */
export function hoursFlaws({ hours, entitlements }: SoundParts): readonly Flaw[] {
  if (hours) return [...spanFlaws(hours.spans), ...holidayFlaws(hours.holidays)]
  return Object.entries(entitlements).flatMap(([id, { approval, automatic }]) => [
    ...(approval.within === 'hours' ? [withoutHours(['entitlements', id, 'approval', 'within'])] : []),
    ...automatic.flatMap((rule, index) =>
      rule?.within === 'hours' ? [withoutHours(['entitlements', id, 'automatic', index, 'within'])] : [],
    ),
  ])
}

function withoutHours(path: Path): Flaw {
  const fix = 'add hours: at the top of the file, or take it out'
  return { path, on: 'value', message: 'the file does not say when the hours are', fix }
}

function spanFlaws(spans: SoundHours['spans']): readonly Flaw[] {
  return spans.flatMap((span, index): readonly Flaw[] => {
    if (!span) return []
    const path: Path = ['hours', 'spans', index]
    const { from, to, days } = span
    if (from === '24:00')
      return [{ path: [...path, 'from'], on: 'value', message: '24:00 is the end of a day', fix: 'write "00:00"' }]
    if (from === to) {
      const fix = 'write another end; a whole day is from "00:00" to "24:00"'
      return [{ path: [...path, 'to'], on: 'value', message: `the span begins and ends at ${from}`, fix }]
    }
    const twice = twiceFlaws([...path, 'days'], days)
    const earlier = spans.slice(0, index).find(other => other && overlap(other, span))
    if (twice.length > 0 || !earlier) return twice
    const message = `the span overlaps the one from ${earlier.from} to ${earlier.to}`
    return [{ path, on: 'value', message, fix: 'let one begin when the other ends, or make one of the two' }]
  })
}

function holidayFlaws(holidays: SoundList<string>): readonly Flaw[] {
  return twiceFlaws(['hours', 'holidays'], holidays)
}

function twiceFlaws(path: Path, days: SoundList<string>): readonly Flaw[] {
  return days.flatMap((day, index): readonly Flaw[] =>
    day !== undefined && days.indexOf(day) < index
      ? [{ path: [...path, index], on: 'value', message: `${day} is there twice`, fix: 'keep one' }]
      : [],
  )
}

const DAY = 1440
const WEEK = 7 * DAY

/** Weeks go round: a span of Saturday night runs into Sunday, the first day. */
function overlap(one: Span, other: Span): boolean {
  return weekly(one).some(a =>
    weekly(other).some(b => [-WEEK, 0, WEEK].some(shift => a.from < b.to + shift && b.from + shift < a.to)),
  )
}

/** A span in minutes of the week, once for each of its days. */
function weekly({ days, from, to }: Span): readonly { readonly from: number; readonly to: number }[] {
  const [start, end] = [minuteOf(from), minuteOf(to)]
  return days.map(day => {
    const midnight = WEEKDAYS.indexOf(day) * DAY
    return { from: midnight + start, to: midnight + (end > start ? end : end + DAY) }
  })
}

function minuteOf(time: string): number {
  const [hour, minute] = time.split(':')
  return Number(hour) * 60 + Number(minute)
}
