import * as z from 'zod/mini'

/** A finding, as far as it is shown. */
export const $Finding = z.object({
  findingId: z.string(),
  state: z.string(),
  rule: z.string(),
  title: z.string(),
  whatToDo: z.string(),
  learnMore: z.string(),
  subject: z.string(),
  name: z.optional(z.string()),
  alsoAbout: z.optional(z.array(z.string())),
  openedAt: z.string(),
  count: z.number(),
  latest: z.array(z.object({ at: z.string(), detail: z.string(), requestId: z.optional(z.string()) })),
  holds: z.boolean(),
  closed: z.optional(z.object({ by: z.string(), at: z.string(), comment: z.string() })),
})
export type FindingAnswer = z.output<typeof $Finding>

export const $Findings = z.object({ findings: z.array($Finding), next: z.optional(z.string()) })
