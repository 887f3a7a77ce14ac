import * as z from 'zod/mini'
import { LONGEST_COMMENT } from '../domain/request.ts'
import { $typed } from './typed-text.ts'

/** The token of a link: 32 random bytes in base64url. */
export const $LinkToken = z.string().check(z.regex(/^[A-Za-z0-9_-]{43}$/))

/** The form of the decision page. A code that is not six digits is no try: forms filled by machines burn nothing. */
export const $DecisionForm = z.object({
  decision: z.enum(['approve', 'deny']),
  seen: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  code: z._default(z.string().check(z.maxLength(32)), ''),
  comment: z._default($typed(0, LONGEST_COMMENT), ''),
})
export type DecisionForm = z.output<typeof $DecisionForm>

export const SIX_DIGITS = /^\d{6}$/
