import * as z from 'zod/mini'
import { $Count, $List, $Text } from '../../runtime/env.ts'

export const $Env = z.object({
  TABLE_NAME: $Text,
  STATE_MACHINE_ARN: $Text,
  ATTACHMENTS_PER_USER: $Count,
  BOUNDARIES: $List,
})
export type Env = z.output<typeof $Env>
