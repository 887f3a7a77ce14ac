import * as z from 'zod/mini'
import { $typed } from './typed-text.ts'

/** Body of `POST /freeze`. */
export const $FreezeBody = z.strictObject({ reason: $typed(4, 1000) })
