import * as z from 'zod/mini'
import { $RequestId } from '../lambdas/contract/list-query.ts'
import { secondsOfIsoDuration, secondsOfShortDuration } from '../lambdas/domain/duration.ts'
import { toInstant } from '../lambdas/domain/instant.ts'
import type { Option } from './command.ts'

/** What people type, read by one schema each. Limits of texts are left to the API, which says what would pass. */

/** `30m`, `1h30m`, `2d` or `PT30M`; in seconds. */
export const $duration = z.pipe(
  z.string(),
  z.transform((text, ctx) => {
    const seconds = secondsOfShortDuration(text) ?? secondsOfIsoDuration(text)
    if (seconds !== undefined && seconds > 0) return seconds
    ctx.issues.push({ code: 'custom', message: 'must be a duration such as 30m, 1h30m or PT30M', input: text })
    return z.NEVER
  }),
)

/** `2027-03-01T11:00:00Z`. */
export const $instant = z.pipe(
  z.string(),
  z.transform((text, ctx) => {
    const instant = new Date(text)
    // JavaScript reads 30 February as 2 March: only what reads back the same was an instant.
    if (!Number.isNaN(instant.getTime()) && toInstant(instant) === text) return instant
    ctx.issues.push({ code: 'custom', message: 'must be an instant in UTC such as 2027-03-01T11:00:00Z', input: text })
    return z.NEVER
  }),
)

/** `bucket=acme-orders-2026`, any number of them; a value may hold `=`. */
export const $parameters = z._default(
  z.pipe(
    z.array(z.string()),
    z.transform((pairs, ctx) => {
      const parameters = new Map<string, string>()
      for (const pair of pairs) {
        const at = pair.indexOf('=')
        const name = pair.slice(0, at)
        if (at < 1) ctx.issues.push({ code: 'custom', message: `must be name=value, not ${pair}`, input: pair })
        if (parameters.has(name)) ctx.issues.push({ code: 'custom', message: `names ${name} twice`, input: pair })
        parameters.set(name, pair.slice(at + 1))
      }
      return Object.fromEntries(parameters)
    }),
  ),
  {},
)

export const $requestId = $idOf('a request')
export const $findingId = $idOf('a finding')

/** A ULID, in whatever case it was typed. */
function $idOf(what: string) {
  return z.pipe(
    z.string(),
    z.transform((text, ctx) => {
      const id = $RequestId.safeParse(text.toUpperCase())
      if (id.success) return id.data
      ctx.issues.push({ code: 'custom', message: `must be the id of ${what}: 26 letters and digits`, input: text })
      return z.NEVER
    }),
  )
}

export const $switch = z._default(z.boolean(), false)
export const $text = z.optional(z.string())

export const JSON_OPTION: Option = { form: '--json', does: 'answer as JSON, for programs' }
export const DURATION_OPTION: Option = { form: '--duration <duration>', does: 'how long, such as 30m or 1h30m' }
export const PARAMETER_OPTION: Option = {
  form: '--param <name=value>',
  does: 'a parameter of the entitlement; may be repeated',
  isRepeated: true,
}
export const FILE_OPTION: Option = { form: '--file <file>', does: 'the access file (default: access.yaml)' }
export const ID_ARGUMENT = { form: '<id>', does: 'the id of the request' } as const
export const FINDING_ARGUMENT = { form: '<id>', does: 'the id of the finding' } as const
