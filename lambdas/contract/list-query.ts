import * as z from 'zod/mini'
import { STATUSES } from '../domain/request.ts'

/** Query of `GET /requests`. */
export const $ListQuery = z.strictObject({
  status: z.optional(z.enum(STATUSES)),
  entitlement: z.optional(z.string().check(z.regex(/^[a-z0-9-]{1,64}$/))),
  requester: z.optional(z.string().check(z.regex(/^[a-z0-9-]{1,64}$/))),
  limit: z._default(
    z.pipe(
      z.string().check(z.regex(/^[1-9]\d?$|^100$/, 'must be a whole number from 1 to 100')),
      z.transform(text => Number(text)),
    ),
    20,
  ),
  cursor: z.optional(z.string().check(z.maxLength(256))),
})
export type ListQuery = z.output<typeof $ListQuery>

/** The id of a request in a path. */
export const $RequestId = z.string().check(z.regex(/^[0-9A-HJKMNP-TV-Z]{26}$/))
