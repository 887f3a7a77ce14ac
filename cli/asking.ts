import * as z from 'zod/mini'
import { toIsoDuration } from '../lambdas/domain/duration.ts'
import { toInstant } from '../lambdas/domain/instant.ts'
import type { Option } from './command.ts'
import { $duration, $instant, $parameters, $switch, DURATION_OPTION, PARAMETER_OPTION } from './given.ts'

/** What a preview and a request are asked with. */
export const ASK_OPTIONS: readonly Option[] = [
  DURATION_OPTION,
  PARAMETER_OPTION,
  { form: '--start <instant>', does: 'the earliest start, such as 2027-03-01T11:00:00Z' },
  { form: '--break-glass', does: 'as an emergency: at once, told to everybody, and to be reviewed afterwards' },
]
export const TICKET_OPTION: Option = { form: '--ticket <ticket>', does: 'the ticket it is about' }
export const KEY_OPTION: Option = {
  form: '--key <key>',
  does: 'Idempotency-Key: the same key asks only once (default: a new one)',
}
export const askGiven = {
  entitlement: z.string(),
  duration: z.optional($duration),
  param: $parameters,
  start: z.optional($instant),
  breakGlass: $switch,
}
export const ENTITLEMENT_ARGUMENT = { form: '<entitlement>', does: 'the id of an entitlement' } as const

interface AskGiven {
  readonly entitlement: string
  readonly duration?: number | undefined
  readonly param: Readonly<Record<string, string>>
  readonly start?: Date | undefined
  readonly breakGlass: boolean
}

/** The members of a body that say what is asked. */
export function askBody({ entitlement, duration, param, start, breakGlass }: AskGiven) {
  return {
    entitlement,
    ...(duration !== undefined && { duration: toIsoDuration(duration) }),
    parameters: param,
    ...(start && { notBefore: toInstant(start) }),
    ...(breakGlass && { breakGlass }),
  }
}
