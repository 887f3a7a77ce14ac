import * as z from 'zod/mini'
import { $Statement } from '../../lambdas/contract/statement.ts'
import { $Activity } from '../api/activity-answer.ts'
import { $Event, $Request } from '../api/answers.ts'

/** What `GET /requests/{id}` answers, as far as a report needs it. */
export const $ReportedRequest = z.extend($Request, {
  principal: z.string(),
  session: z.optional(z.object({ name: z.string() })),
  grant: z.optional(
    z.object({ notBefore: z.string(), notAfter: z.string(), policyArn: z.string(), documentHash: z.string() }),
  ),
  events: z.array(z.extend($Event, { previousHash: z.string(), hash: z.string() })),
  /** Head of the chain of events, as the request keeps it. */
  lastEvent: z.object({ sequence: z.number(), hash: z.string() }),
  extendedBy: z.optional(z.array(z.string())),
  /** What the grant allows; nobody knows once the access file gives another policy than was approved. */
  statements: z.optional(z.array($Statement)),
  allows: z.optional(z.array(z.object({ text: z.string() }))),
  activity: z.optional($Activity),
})
export type ReportedRequest = z.output<typeof $ReportedRequest>

/** What was done as it came, to be hashed: members this command line does not know are hashed too. */
export const $WithActivity = z.object({ activity: z.optional(z.json()) })
