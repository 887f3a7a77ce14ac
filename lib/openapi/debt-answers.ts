import * as z from 'zod'
import { DEBT_VERDICTS } from '../../lambdas/domain/request.ts'
import { $Instant } from './formats.ts'

export const $Debt = z
  .strictObject({
    dueBy: $Instant,
    reviewers: z.array(z.string()),
    closed: z
      .strictObject({ by: z.string(), at: $Instant, verdict: z.enum(DEBT_VERDICTS), comment: z.string() })
      .optional(),
  })
  .optional()
  .meta({ description: 'the review an emergency owes' })
