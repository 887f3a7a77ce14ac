import * as z from 'zod/mini'
import { $Text } from '../../runtime/env.ts'

export const $Env = z.object({
  TABLE_NAME: $Text,
  /** Where the files of a trail lie; empty where only the event history is looked at. */
  TRAIL: z.string(),
})
export type Env = z.output<typeof $Env>
