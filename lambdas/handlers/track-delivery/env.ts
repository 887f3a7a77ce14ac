import * as z from 'zod/mini'
import { $Text } from '../../runtime/env.ts'

export const $Env = z.object({ TABLE_NAME: $Text, MAIL_FROM: $Text, MAIL_CONFIGURATION_SET: $Text })
export type Env = z.output<typeof $Env>
