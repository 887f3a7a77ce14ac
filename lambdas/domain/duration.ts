const ISO = /^P(?:(?<days>\d{1,3})D)?(?:T(?:(?<hours>\d{1,4})H)?(?:(?<minutes>\d{1,5})M)?(?:(?<seconds>\d{1,6})S)?)?$/
const SHORT = /^(?:(?<days>\d{1,3})d)?(?:(?<hours>\d{1,4})h)?(?:(?<minutes>\d{1,5})m)?(?:(?<seconds>\d{1,6})s)?$/

/** Seconds of an ISO 8601 duration of days, hours, minutes and seconds (`PT30M`), or undefined. Years and months have no fixed length. */
export function secondsOfIsoDuration(text: string): number | undefined {
  return text.endsWith('T') ? undefined : secondsOf(ISO, text)
}

/** Seconds of the short form of the access file and the command line (`30m`, `1h30m`, `2d`), or undefined. */
export function secondsOfShortDuration(text: string): number | undefined {
  return secondsOf(SHORT, text)
}

/** ISO 8601 form, `PT1H30M`. Days are written as hours: a day here is always 24 of them. */
export function toIsoDuration(seconds: number): string {
  return `PT${parts(seconds)
    .map(([count, unit]) => `${count}${unit.toUpperCase()}`)
    .join('')}`
}

/** Short form, `1h30m`. */
export function toShortDuration(seconds: number): string {
  return parts(seconds)
    .map(([count, unit]) => `${count}${unit}`)
    .join('')
}

function parts(seconds: number): (readonly [number, string])[] {
  const all = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor((seconds % 3600) / 60), 'm'],
    [seconds % 60, 's'],
  ] as const
  const named = all.filter(([count]) => count > 0)
  return named.length > 0 ? named : [[0, 's']]
}

function secondsOf(form: RegExp, text: string): number | undefined {
  const groups = form.exec(text)?.groups
  if (!groups || Object.values(groups).every(part => part === undefined)) return undefined
  const { days = '0', hours = '0', minutes = '0', seconds = '0' } = groups
  return Number(days) * 86_400 + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
}
