import * as z from 'zod/mini'
import { secondsOfIsoDuration } from '../domain/duration.ts'
import { toInstant } from '../domain/instant.ts'
import { LONGEST_PARAMETER } from '../domain/parameters.ts'
import { DEBT_VERDICTS, LONGEST_COMMENT } from '../domain/request.ts'
import { $typed, wellFormed } from './typed-text.ts'

export const LONGEST_REASON = 1000
const SHORTEST_REASON = 4

/** ISO 8601, UTC with `Z`; parsed to a Date of whole seconds. */
const $Instant = z.pipe(
  z
    .string()
    .check(z.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/, 'must be an instant in UTC such as 2027-03-01T11:00:00Z')),
  z.transform((text, ctx) => {
    const instant = new Date(text)
    // JavaScript reads 30 February as 2 March: only what reads back the same was an instant.
    if (Number.isNaN(instant.getTime()) || toInstant(instant) !== text) {
      ctx.issues.push({ code: 'custom', message: 'is no instant of the calendar', input: text })
    }
    return instant
  }),
)

/** `PT30M` to seconds, more than zero. */
export const $Duration = z.pipe(
  z.string('must be an ISO 8601 duration such as PT30M').check(z.maxLength(32)),
  z.transform((text, ctx) => {
    const seconds = secondsOfIsoDuration(text)
    if (seconds === undefined) {
      ctx.issues.push({
        code: 'custom',
        message: 'must be an ISO 8601 duration of days, hours, minutes and seconds such as PT30M',
        input: text,
      })
      return z.NEVER
    }
    if (seconds <= 0)
      ctx.issues.push({ code: 'custom', message: 'must be longer than nothing, such as PT30M', input: text })
    return seconds
  }),
)

const $Parameters = z
  .record(
    z.string().check(z.maxLength(64), wellFormed),
    z.string().check(z.maxLength(LONGEST_PARAMETER * 2), wellFormed),
  )
  .check(z.refine(value => Object.keys(value).length <= 20, 'must have at most 20 members'))

/** What is judged: shared by a preview and a request. */
const ask = {
  entitlement: z.string().check(z.minLength(1), z.maxLength(64), wellFormed),
  duration: z.optional($Duration),
  parameters: z._default($Parameters, {}),
  notBefore: z.optional($Instant),
  breakGlass: z.optional(z.boolean()),
}

/** Body of `POST /requests/preview`. A reason may be sent along, so that one body serves both routes. */
export const $PreviewBody = z.strictObject({
  ...ask,
  reason: z.optional($typed(0, LONGEST_REASON)),
  ticket: z.optional($typed(1, 64)),
})
export type PreviewBody = z.output<typeof $PreviewBody>

/** Body of `POST /requests`. Nobody is named in it: the requester is the signature's. */
export const $RequestBody = z.strictObject({
  ...ask,
  reason: $typed(SHORTEST_REASON, LONGEST_REASON),
  ticket: z.optional($typed(1, 64)),
})
export type RequestBody = z.output<typeof $RequestBody>

/** What a body asks for, in the words of the domain. */
export function askOf({
  entitlement,
  duration,
  parameters,
  notBefore,
  breakGlass,
}: Omit<PreviewBody, 'reason' | 'ticket'>) {
  const isBreakGlass = breakGlass || undefined
  return { entitlement, parameters, durationSeconds: duration, earliestStart: notBefore, isBreakGlass }
}

/** Body of `POST /requests/{id}/extend`. What is asked for is that of the request in the path, from its end on. */
export const $ExtensionBody = z.strictObject({
  duration: ask.duration,
  reason: $typed(SHORTEST_REASON, LONGEST_REASON),
  ticket: z.optional($typed(1, 64)),
})

/** Body of `POST /requests/{id}/review`: what a reviewer says of an emergency. */
export const $DebtReviewBody = z.strictObject({
  verdict: z.enum(DEBT_VERDICTS, `must be one of ${DEBT_VERDICTS.join(', ')}`),
  comment: $typed(SHORTEST_REASON, LONGEST_COMMENT),
})

/** Header `Idempotency-Key`. */
export const $IdempotencyKey = z
  .string()
  .check(z.regex(/^[\x21-\x7e]{1,128}$/, 'must be 1 to 128 printable characters without spaces'))
