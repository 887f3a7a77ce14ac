import * as z from 'zod/mini'

const $Month = z.string().check(z.regex(/^[1-9]\d{3}-(?:0[1-9]|1[0-2])$/, 'must be a month such as 2027-03'))

/** What rebuilding the archive is asked with: months (UTC), the first and the last; without them this one and the one before. */
export const $Rebuild = z
  .strictObject({ from: z.optional($Month), to: z.optional($Month) })
  .check(z.refine(({ from, to }) => from === undefined || to === undefined || from <= to, 'from is after to'))
