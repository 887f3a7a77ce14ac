import * as z from 'zod/mini'
import { $typed } from './typed-text.ts'

/** Body of `POST /requests/{id}/revoke`, which may be empty: who takes a grant away in a hurry need not say why. */
export const $RevokeBody = z.strictObject({ reason: z.optional($typed(4, 1000)) })
