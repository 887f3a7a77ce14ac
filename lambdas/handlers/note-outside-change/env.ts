import * as z from 'zod/mini'
import { $Text } from '../../runtime/env.ts'

export const $Env = z.object({
  SWEEP_FUNCTION: $Text,
  ROLE_PREFIX: $Text,
  TABLE_NAME: $Text,
  BUS_NAME: $Text,
  API_URL: $Text,
})
export type Env = z.output<typeof $Env>
