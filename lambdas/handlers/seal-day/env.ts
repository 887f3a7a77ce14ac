import * as z from 'zod/mini'
import { $Text } from '../../runtime/env.ts'

export const $Env = z.object({ STAGING_BUCKET: $Text, ARCHIVE_BUCKET: $Text, SIGNING_KEY_ID: $Text })
export type Env = z.output<typeof $Env>
