import * as z from 'zod/mini'

/** This function needs nothing but the access file it was built with. */
export const $Env = z.object({})
export type Env = z.output<typeof $Env>
