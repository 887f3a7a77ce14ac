import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const FIXTURE = join(import.meta.dirname, '..', 'e2e', 'company', 'access.yaml')
const NIGHT_SHIFT = /^ {4}- \{.*\} # the night shift$/m
const EVERY_DAY = 'days: [mon, tue, wed, thu, fri, sat, sun]'
/** How long the night shift still works: time to deploy and to ask. */
const NIGHT_LEFT_MINUTES = 2
/** Later watches, of a minute each with a minute between, for a machine that took longer. */
const WATCHES = 20

/**
 * Writes the company's access file with its clock moved so that it is night there now: the night shift goes home in two or three minutes.
 * Holidays are left out, for the run may be on one; so are the chats, which nobody answers on the emulator.
 */
export function writeCompanyFile(folder: string): string {
  const end = new Date(Math.ceil(Date.now() / 60_000 + NIGHT_LEFT_MINUTES) * 60_000)
  const hour = end.getUTCHours()
  // The zone in which the night ends between midnight and one. `Etc/GMT+5` is five hours west of Greenwich.
  const timezone = hour <= 12 ? `Etc/GMT+${hour}` : `Etc/GMT-${24 - hour}`
  const over = end.getUTCMinutes()
  const watches = Array.from({ length: WATCHES }, (_, index) => over + 1 + 2 * index)
  const spans = [['22:00', clock(over)], ...watches.map(minute => [clock(minute), clock(minute + 1)])].map(
    ([from, to]) => `    - { ${EVERY_DAY}, from: "${from}", to: "${to}" }`,
  )
  const changes: readonly (readonly [RegExp, string])[] = [
    [NIGHT_SHIFT, spans.join('\n')],
    [/^hours:$/m, `hours:\n  timezone: ${timezone}`],
    [/^ {2}holidays:.*\n/m, ''],
    [/^ {2}webhooks:\n(?: {4}-.*\n)+/m, ''],
  ]
  const text = changes.reduce(changed, readFileSync(FIXTURE, 'utf8'))
  const path = join(folder, 'access.yaml')
  writeFileSync(path, text)
  return path
}

function changed(text: string, [found, written]: readonly [RegExp, string]): string {
  if (!found.test(text)) throw new Error(`the company's access file has nothing like ${found}`)
  return text.replace(found, written)
}

function clock(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
}
