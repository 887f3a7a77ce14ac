import * as z from 'zod'
import { FINDING_STATES } from '../../lambdas/contract/finding-query.ts'
import { FINDING_RULES } from '../../lambdas/domain/findings/finding.ts'
import { $Instant } from './formats.ts'

export const $Finding = z.strictObject({
  findingId: z.string().regex(/^[0-9A-HJKMNP-TV-Z]{26}$/),
  state: z.enum(FINDING_STATES),
  rule: z.enum(FINDING_RULES),
  title: z.string(),
  whatToDo: z.string(),
  learnMore: z.string().meta({ description: 'the section of the documentation' }),
  subject: z.string().meta({ description: 'a person id; the ARN of an IAM principal or policy where it is nobody’s' }),
  name: z.string().optional().meta({ description: 'of the person' }),
  alsoAbout: z.array(z.string()).optional().meta({ description: 'whom else it points at; they close it no more' }),
  openedAt: $Instant,
  count: z.int().min(1).meta({ description: 'how often it was found' }),
  latest: z
    .array(
      z.strictObject({
        at: $Instant,
        detail: z.string(),
        requestId: z.string().optional(),
        sequence: z.int().min(1).optional().meta({ description: 'of the event of the request that showed it' }),
      }),
    )
    .meta({ description: 'the last times it was found and the first one, the last one first' }),
  holds: z.boolean().meta({ description: 'while it is open, its subject gets nothing further; emergencies apart' }),
  closed: z.strictObject({ by: z.string(), at: $Instant, comment: z.string() }).optional(),
})

export const $Findings = z.strictObject({
  findings: z.array($Finding),
  next: z.string().optional().meta({ description: 'for after, if there are more' }),
})

/** Of a request. */
export const $HeldBy = z
  .strictObject({
    findingId: z.string().regex(/^[0-9A-HJKMNP-TV-Z]{26}$/),
    rule: z.enum(FINDING_RULES),
    title: z.string().meta({ description: 'the rule in words' }),
  })
  .meta({
    description: 'while it is pending: the open finding that holds it back; no approval is taken until it is closed',
  })
