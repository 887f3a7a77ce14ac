import * as z from 'zod/mini'
import { FINDING_RULES, type Finding } from '../domain/findings/finding.ts'
import { openingOf } from '../domain/findings/found.ts'
import { toInstant } from '../domain/instant.ts'
import { BUS_SOURCE } from './bus-event.ts'

/** The `detail-type` of it. */
export const FINDING_OPENED = 'Finding Opened'

const $Ulid = z.string().check(z.regex(/^[0-9A-HJKMNP-TV-Z]{26}$/))
const $Instant = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/))

/**
 * The `detail` of a finding that was opened, version 1; see docs/events.md. Fields may be added to a version, none is changed or taken
 * away. As of every event on the bus: no name, no address, no ARN, and not the sentence of what was found, which may have any of them.
 */
export const $FindingEvent = z.object({
  version: z.literal(1),
  id: $Ulid,
  type: z.literal('finding-opened'),
  at: $Instant,
  rule: z.enum(FINDING_RULES),
  person: z.optional(z.string()),
  holds: z.boolean(),
  requestId: z.optional($Ulid),
  links: z.object({ finding: z.string() }),
})
export type FindingEvent = z.output<typeof $FindingEvent>

/** A finding as it goes out. @param person whose it is, if it is somebody's. */
export function findingEvent(finding: Finding, person: string | undefined, apiUrl: string): FindingEvent {
  const { id, openedAt, rule, holds } = finding
  const requestId = openingOf(finding)?.requestId
  return {
    version: 1,
    id,
    type: 'finding-opened',
    at: toInstant(openedAt),
    rule,
    ...(person !== undefined && { person }),
    holds,
    ...(requestId !== undefined && { requestId }),
    links: { finding: `${apiUrl}/findings/${id}` },
  }
}

/** The text of docs/finding-event.schema.json. */
export function findingEventJsonSchema(): string {
  const title = `The detail of a finding of Lapse on EventBridge, source ${BUS_SOURCE}`
  return `${JSON.stringify({ title, ...z.toJSONSchema($FindingEvent, { io: 'input' }) }, null, 2)}\n`
}
