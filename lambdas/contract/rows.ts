import * as z from 'zod/mini'
import { owing } from '../domain/activity/books.ts'
import { StoredShapeError } from '../domain/errors.ts'
import { isInstant, toInstant } from '../domain/instant.ts'
import { EVENT_TYPES, type LedgerEvent } from '../domain/ledger.ts'
import { monthOf } from '../domain/period.ts'
import { DEBT_VERDICTS, END_CAUSES, isOpen, POLICIES_AFTER, type Request, STATUSES } from '../domain/request.ts'
import { BOOKS_OPEN, eventKey, OPEN, requestKey } from './keys.ts'
import { $Statement } from './statement.ts'

/** An instant as rows keep it, read back as a Date. */
export const $StoredInstant = z.pipe(
  z.string().check(z.refine(isInstant)),
  z.transform(text => new Date(text)),
)

const $Receipt = z.object({
  policyArn: z.string(),
  verifiedAt: $StoredInstant,
  policy: z.enum(POLICIES_AFTER),
  detached: z.number(),
})

const $Actor = z.union([z.strictObject({ person: z.string() }), z.strictObject({ service: z.string() })])

const $Debt = z.object({
  dueBy: $StoredInstant,
  reviewers: z.array(z.string()),
  closed: z.optional(
    z.object({ by: z.string(), at: $StoredInstant, verdict: z.enum(DEBT_VERDICTS), comment: z.string() }),
  ),
})

const $Request = z.object({
  id: z.string(),
  status: z.enum(STATUSES),
  requester: z.string(),
  principal: z.object({
    arn: z.string(),
    uniqueId: z.string(),
    session: z.optional(z.object({ name: z.string(), sourceIdentity: z.optional(z.string()) })),
  }),
  entitlement: z.string(),
  parameters: z.record(z.string(), z.string()),
  durationSeconds: z.number(),
  reason: z.string(),
  ticket: z.optional(z.string()),
  earliestStart: z.optional($StoredInstant),
  askedAt: $StoredInstant,
  from: z.optional(z.string()),
  rule: z.string(),
  asIs: z.optional(z.object({ policyArn: z.string(), documentHash: z.string() })),
  accessHash: z.string(),
  stages: z.array(
    z.object({
      name: z.string(),
      approvers: z.array(z.string()),
      quorum: z.number(),
      escalateTo: z.optional(z.array(z.string())),
      escalatedAt: z.optional($StoredInstant),
    }),
  ),
  answerBy: $StoredInstant,
  decisions: z.array(
    z.object({
      decision: z.enum(['approve', 'deny']),
      approver: z.string(),
      at: $StoredInstant,
      comment: z.optional(z.string()),
      seen: z.string(),
      durationSeconds: z.optional(z.number()),
      via: z.optional(z.literal('signed')),
      from: z.optional(z.string()),
    }),
  ),
  automatic: z.optional(z.string()),
  isBreakGlass: z.optional(z.boolean()),
  extends: z.optional(z.string()),
  debt: z.optional($Debt),
  grant: z.optional(
    z.object({
      notBefore: $StoredInstant,
      notAfter: $StoredInstant,
      policyArn: z.string(),
      documentHash: z.string(),
      statements: z.optional(z.array($Statement)),
    }),
  ),
  endOrder: z.optional(z.object({ cause: z.enum(END_CAUSES), by: $Actor })),
  ending: z.optional(z.object({ cause: z.optional(z.enum(END_CAUSES)), receipt: $Receipt })),
  books: z.optional(z.object({ closedAt: $StoredInstant, hash: z.string() })),
  lastEvent: z.object({ sequence: z.number(), hash: z.string() }),
})

const $Event = z.object({
  requestId: z.string(),
  sequence: z.number(),
  type: z.enum(EVENT_TYPES),
  at: $StoredInstant,
  actor: $Actor,
  details: z.record(z.string(), z.json()),
  previousHash: z.string(),
  hash: z.string(),
})

/** A request as its row, dates as instants. `month` and `open` feed the indexes. */
export function requestRow(request: Request) {
  const open = isOpen(request) ? OPEN : owing(request) && BOOKS_OPEN
  const indexed = { month: monthOf(request.askedAt), ...(open && { open }) }
  return { ...requestKey(request.id), kind: 'request', ...indexed, ...instantsAsText(request) }
}

/** An event as its row. */
export function eventRow(event: LedgerEvent) {
  return { ...eventKey(event.requestId, event.sequence), kind: 'event', ...instantsAsText(event) }
}

/** @throws StoredShapeError when the row is not what `requestRow` writes. */
export function readRequest(row: unknown): Request {
  return read($Request, row)
}

/** @throws StoredShapeError when the row is not what `eventRow` writes. */
export function readEvent(row: unknown): LedgerEvent {
  return read($Event, row)
}

/** Reads a row by its schema; the error names the row's key and the members that do not fit, never their values. */
export function read<Schema extends z.ZodMiniType>(schema: Schema, row: unknown): z.output<Schema> {
  const parsed = schema.safeParse(row)
  if (parsed.success) return parsed.data
  const { pk = '?', sk = '?' } = z.object({ pk: z.string(), sk: z.string() }).safeParse(row).data ?? {}
  const members = parsed.error.issues.map(({ path }) => path.join('.')).join(', ')
  throw new StoredShapeError(`${pk} ${sk} (${members})`)
}

/** Dates, however deep, as rows keep them. */
export function instantsAsText(value: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, asText(member)]))
}

function asText(value: unknown): unknown {
  if (value instanceof Date) return toInstant(value)
  if (Array.isArray(value)) return value.map(asText)
  return typeof value === 'object' && value !== null ? instantsAsText(value) : value
}
