import * as z from 'zod/mini'

/** A statement as rows, events and answers have it. */
export const $Statement = z.object({
  actions: z.array(z.string()),
  exceptActions: z.optional(z.array(z.string())),
  resources: z.array(z.string()),
  exceptResources: z.optional(z.array(z.string())),
  conditions: z.optional(z.record(z.string(), z.record(z.string(), z.union([z.string(), z.array(z.string())])))),
})
