import * as z from 'zod/mini'
import { $Count, $Text } from '../../runtime/env.ts'

export const $Env = z.object({ TABLE_NAME: $Text, STATE_MACHINE_ARN: $Text, ATTACHMENTS_PER_USER: $Count })
export type Env = z.output<typeof $Env>
