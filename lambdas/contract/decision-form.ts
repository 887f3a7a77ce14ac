import * as z from 'zod/mini'
import { LONGEST_COMMENT } from '../domain/request.ts'
import { $Duration } from './request-body.ts'
import { $typed } from './typed-text.ts'

/** The token of a link: 32 random bytes in base64url. */
export const $LinkToken = z.string().check(z.regex(/^[A-Za-z0-9_-]{43}$/))

/** Hash of what the approver was shown. */
const $Seen = z.string().check(z.regex(/^[0-9a-f]{64}$/, 'must be the hash of what was shown: 64 hexadecimal digits'))

/** A choice of the form that was left as it is. */
const $NotChosen = z.pipe(
  z.literal(''),
  z.transform(() => undefined),
)

/** The form of the decision page. A code that is not six digits is no try: forms filled by machines burn nothing. */
export const $DecisionForm = z.object({
  decision: z.enum(['approve', 'deny']),
  seen: $Seen,
  code: z._default(z.string().check(z.maxLength(32)), ''),
  comment: z._default($typed(0, LONGEST_COMMENT), ''),
  duration: z.optional(z.union([$NotChosen, $Duration])),
})
export type DecisionForm = z.output<typeof $DecisionForm>

/** Body of `POST /requests/{id}/decision`. Nobody is named in it: the approver is the signature's. */
export const $DecisionBody = z
  .strictObject({
    decision: z.enum(['approve', 'deny'], 'must be approve or deny'),
    seen: $Seen,
    comment: z.optional($typed(0, LONGEST_COMMENT)),
    duration: z.optional($Duration),
  })
  .check(
    z.refine(({ decision, duration }) => decision === 'approve' || duration === undefined, {
      message: 'only an approval has one',
      path: ['duration'],
    }),
  )
export type DecisionBody = z.output<typeof $DecisionBody>

export const SIX_DIGITS = /^\d{6}$/
