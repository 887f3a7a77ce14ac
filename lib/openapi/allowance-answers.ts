import * as z from 'zod'
import { $Duration, $Instant } from './formats.ts'

function $capOf<Amount extends z.ZodType>($amount: Amount) {
  return z.strictObject({ most: $amount, left: $amount }).optional()
}

/** What is left to the caller of an entitlement; members of answers that name one. */
export const allowanceAnswer = {
  automatic: z
    .array(
      z.strictObject({
        name: z.string(),
        upTo: $Duration,
        mostPerWeek: z.int(),
        left: z.int(),
        within: z.enum(['always', 'hours']),
      }),
    )
    .optional()
    .meta({ description: 'the rules by which asks of the caller need nobody' }),
  breakGlass: z
    .strictObject({
      maximumDuration: $Duration,
      reviewWithin: $Duration,
      reviewers: z.array(z.string()),
      openDebt: z
        .strictObject({ requestId: z.string(), dueBy: $Instant })
        .optional()
        .meta({ description: 'the review the caller owes; until it is closed an emergency waits for approval' }),
    })
    .optional()
    .meta({ description: 'the caller may take it at once in an emergency' }),
  caps: z
    .strictObject({ open: $capOf(z.int()), perWeek: $capOf(z.int()), timePerWeek: $capOf($Duration) })
    .optional()
    .meta({ description: 'how much of it the caller may have, and what is left' }),
}
