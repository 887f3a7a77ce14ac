import * as z from 'zod/mini'
import { toInstant } from '../domain/instant.ts'
import { EVENT_TYPES, type EventType, type LedgerEvent } from '../domain/ledger.ts'
import { statusByLedger } from '../domain/lifecycle.ts'
import { END_CAUSES, type Request, STATUSES } from '../domain/request.ts'

/** The `source` of everything Lapse puts on its bus. */
export const BUS_SOURCE = 'lapse'

/** The `detail-type` of each event. */
export const DETAIL_TYPES: Readonly<Record<EventType, string>> = {
  asked: 'Access Asked For',
  refused: 'Access Refused',
  'approvers-asked': 'Approvers Asked',
  'approvers-reminded': 'Approvers Reminded',
  'link-voided': 'Approval Link Voided',
  decided: 'Approver Decided',
  approved: 'Access Approved',
  denied: 'Access Denied',
  unanswered: 'Request Unanswered',
  cancelled: 'Request Cancelled',
  activated: 'Access Granted',
  'end-ordered': 'End Ordered',
  ended: 'Access Ended',
  failed: 'Access Failed',
  'mail-failed': 'Mail Failed',
  'second-look': 'Removal Looked At Again',
  'drift-removed': 'Drift Removed',
  escalated: 'Approval Escalated',
  'mail-bounced': 'Mail Bounced',
  'end-announced': 'End Announced',
  'extension-asked': 'Extension Asked For',
  'debt-closed': 'Emergency Reviewed',
  'books-closed': 'Books Closed',
}

/** What chats are told of: somebody has more access than before, or something went wrong. */
export const CHAT_EVENTS = [
  'activated',
  'failed',
  'denied',
  'unanswered',
  'drift-removed',
] as const satisfies EventType[]

const $Instant = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/))

/**
 * The `detail` of an event on the bus, version 1; see docs/events.md. Fields may be added to a version, none is changed or taken away.
 * Invariant: nothing a person wrote is in it, and nothing that names them but their id: no reason, no comment, no address, no ARN.
 */
export const $BusEvent = z.object({
  version: z.literal(1),
  id: z.string().check(z.regex(/^[0-9A-HJKMNP-TV-Z]{26}\/[1-9]\d*$/)),
  requestId: z.string().check(z.regex(/^[0-9A-HJKMNP-TV-Z]{26}$/)),
  sequence: z.int().check(z.positive()),
  type: z.enum(EVENT_TYPES),
  at: $Instant,
  actor: z.union([z.strictObject({ person: z.string() }), z.strictObject({ service: z.string() })]),
  status: z.enum(STATUSES),
  entitlement: z.string(),
  requester: z.string(),
  breakGlass: z.boolean(),
  extends: z.optional(z.string()),
  grant: z.optional(z.object({ notBefore: $Instant, notAfter: $Instant })),
  cause: z.optional(z.enum(END_CAUSES)),
  links: z.object({ request: z.string() }),
})
export type BusEvent = z.output<typeof $BusEvent>

const $Caused = z.object({ cause: z.enum(END_CAUSES) })

/** An event as it goes out. The same event gives the same every time: all that can change later is read from the events up to it. */
export function busEvent(
  {
    event,
    events,
    request,
  }: { readonly event: LedgerEvent; readonly events: readonly LedgerEvent[]; readonly request: Request },
  apiUrl: string,
): BusEvent {
  const { requestId, sequence, type, at, actor, details } = event
  const isGranted = events.some(({ type: earlier }) => earlier === 'approved')
  const window = isGranted ? request.grant : undefined
  return {
    version: 1,
    id: `${requestId}/${sequence}`,
    requestId,
    sequence,
    type,
    at: toInstant(at),
    actor,
    status: statusByLedger(events) ?? request.status,
    entitlement: request.entitlement,
    requester: request.requester,
    breakGlass: request.isBreakGlass === true,
    ...(request.extends !== undefined && { extends: request.extends }),
    ...(window && { grant: { notBefore: toInstant(window.notBefore), notAfter: toInstant(window.notAfter) } }),
    ...(type === 'ended' || type === 'end-ordered' ? $Caused.safeParse(details).data : {}),
    links: { request: `${apiUrl}/requests/${requestId}` },
  }
}

/** The text of docs/bus-event.schema.json. */
export function busEventJsonSchema(): string {
  const title = `The detail of an event of Lapse on EventBridge, source ${BUS_SOURCE}`
  return `${JSON.stringify({ title, ...z.toJSONSchema($BusEvent, { io: 'input' }) }, null, 2)}\n`
}
