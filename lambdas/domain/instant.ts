/** The one spelling of an instant in Lapse: UTC, whole seconds, `2027-03-01T11:00:00Z`. IAM date conditions take exactly this. */
export function toInstant(date: Date): string {
  return date.toISOString().replace(/\.\d{3}Z$/, 'Z')
}

/**
 * Whether a text is an instant in that spelling, of a year of four digits. JavaScript reads 30 February as 2 March: only what reads
 * back the same is one.
 */
export function isInstant(text: string): boolean {
  const date = new Date(text)
  return text.length === '2027-03-01T11:00:00Z'.length && !Number.isNaN(date.getTime()) && toInstant(date) === text
}

/** Drops the milliseconds, so that what is stored is what IAM compares. */
export function wholeSeconds(date: Date): Date {
  return new Date(Math.floor(date.getTime() / 1000) * 1000)
}

/** `date` moved by a number of seconds (negative moves back). */
export function plusSeconds(date: Date, seconds: number): Date {
  return new Date(date.getTime() + seconds * 1000)
}

/** The one place that decides whether something is over: at its end it is over. */
export function isOver(end: Date, now: Date): boolean {
  return now.getTime() >= end.getTime()
}
