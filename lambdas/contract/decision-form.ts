import * as z from 'zod/mini'

/** The token of a link: 32 random bytes in base64url. */
export const $LinkToken = z.string().check(z.regex(/^[A-Za-z0-9_-]{43}$/))

/** The form of the decision page. A code that is not six digits is no try: forms filled by machines burn nothing. */
export const $DecisionForm = z.object({
  decision: z.enum(['approve', 'deny']),
  seen: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  code: z._default(z.string().check(z.maxLength(32)), ''),
  comment: z._default(z.string().check(z.trim(), z.maxLength(1000)), ''),
})
export type DecisionForm = z.output<typeof $DecisionForm>

export const SIX_DIGITS = /^\d{6}$/
