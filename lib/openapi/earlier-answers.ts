import * as z from 'zod'
import { $Duration, $Instant } from './formats.ts'

const $Count = z.int().min(0)
const $IsCut = z.boolean().meta({ description: 'only the latest hundred are counted; there may be more' })

/** What came before, of the last 90 days. */
export const earlierAnswer = {
  history: z
    .strictObject({ asked: $Count, granted: $Count, lastAskedAt: $Instant.optional(), isCut: $IsCut })
    .meta({ description: 'what the caller asked for in the last 90 days' }),
  similar: z
    .strictObject({
      approved: $Count,
      denied: $Count,
      unanswered: $Count,
      medianAnswer: $Duration.optional().meta({ description: 'half of the answers came within this time' }),
      isCut: $IsCut,
    })
    .meta({ description: 'what was decided of requests for this entitlement in the last 90 days' }),
}
