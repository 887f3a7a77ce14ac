import * as z from 'zod'

export const $Instant = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/)
  .meta({ description: 'UTC, whole seconds', example: '2027-03-01T10:02:00Z' })
export const $Duration = z.string().regex(/^PT/).meta({ description: 'ISO 8601', example: 'PT30M' })
export const $Sha256 = z.string().regex(/^[0-9a-f]{64}$/)
