import * as z from 'zod/mini'

/** What was done with a grant, as far as it is shown. */
export const $Activity = z.object({
  state: z.string(),
  readAt: z.string(),
  coverage: z.object({
    events: z.string(),
    regions: z.array(z.string()),
    from: z.string(),
    until: z.string(),
    files: z.optional(z.number()),
    isCut: z.boolean(),
  }),
  grantUse: z.string(),
  granted: z.array(z.object({ pattern: z.string(), isSeen: z.boolean() })),
  actions: z.array(
    z.object({
      action: z.string(),
      calls: z.number(),
      isReadOnly: z.boolean(),
      isGranted: z.boolean(),
      errors: z.record(z.string(), z.number()),
      first: z.string(),
      last: z.string(),
    }),
  ),
  resources: z.array(z.string()),
  violations: z.array(z.object({ eventId: z.string(), action: z.string(), at: z.string(), when: z.string() })),
  leftOut: z.object({
    actions: z.number(),
    resources: z.number(),
    violations: z.number(),
    granted: z.optional(z.number()),
  }),
})
export type ActivityAnswer = z.output<typeof $Activity>
