import * as z from 'zod/mini'
import { $Text } from '../../runtime/env.ts'

export const $Env = z.object({ TABLE_NAME: $Text })
export type Env = z.output<typeof $Env>
