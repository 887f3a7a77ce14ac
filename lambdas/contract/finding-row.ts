import * as z from 'zod/mini'
import { REFUSAL_CODES } from '../domain/evaluate.ts'
import { FINDING_RULES, type Finding, type Occurrence } from '../domain/findings/finding.ts'
import type { KnownAsk, KnownDecision, OpenFinding, TrackRecord } from '../domain/findings/track-record.ts'
import { monthOf } from '../domain/period.ts'
import { FINDINGS_OPEN, findingKey, findingsOf, watchKey } from './keys.ts'
import { $StoredInstant, instantsAsText, read } from './rows.ts'

/** Exactly the members of what is stored: a new one does not compile until it is here, for a row would lose it silently. */
type Members<Stored> = Record<keyof Stored, z.ZodMiniType>

const $KnownAsk = z.object({
  requestId: z.string(),
  sequence: z.number(),
  at: $StoredInstant,
  entitlement: z.string(),
  outcome: z.enum(['asked', 'refused', 'denied', 'granted', 'ended', 'other']),
  code: z.optional(z.enum(REFUSAL_CODES)),
  seconds: z.number(),
  extends: z.optional(z.string()),
  from: z.optional(z.string()),
  startedAt: z.optional($StoredInstant),
  approvedBy: z.optional(z.array(z.string())),
  isUnused: z.optional(z.boolean()),
} satisfies Members<KnownAsk>)

const $KnownDecision = z.object({
  requestId: z.string(),
  sequence: z.number(),
  at: $StoredInstant,
  requester: z.string(),
  entitlement: z.string(),
  decision: z.enum(['approve', 'deny']),
  afterSeconds: z.number(),
  from: z.optional(z.string()),
} satisfies Members<KnownDecision>)

const $OpenFinding = z.object({
  id: z.string(),
  rule: z.enum(FINDING_RULES),
  holds: z.boolean(),
} satisfies Members<OpenFinding>)

const $TrackRecord = z.object({
  subject: z.string(),
  version: z.number(),
  since: z.optional($StoredInstant),
  asks: z.array($KnownAsk),
  decisions: z.array($KnownDecision),
  deniedAt: z.optional($StoredInstant),
  had: z.record(z.string(), $StoredInstant),
  offHours: z.optional(z.array($StoredInstant)),
  openFindings: z.array($OpenFinding),
  closedAt: z.optional(z.record(z.string(), $StoredInstant)),
} satisfies Members<Omit<TrackRecord, 'open'> & { openFindings: unknown }>)

const $Finding = z.object({
  id: z.string(),
  rule: z.enum(FINDING_RULES),
  subject: z.string(),
  alsoAbout: z.optional(z.array(z.string())),
  openedAt: $StoredInstant,
  count: z.number(),
  latest: z.array(
    z.object({
      at: $StoredInstant,
      detail: z.string(),
      requestId: z.optional(z.string()),
      sequence: z.optional(z.number()),
    } satisfies Members<Occurrence>),
  ),
  holds: z.boolean(),
  closed: z.optional(z.object({ by: z.string(), at: $StoredInstant, comment: z.string() })),
} satisfies Members<Finding>)

/** What is known of a subject, as its row; `version` is that of the row it replaces. `open` belongs to an index, so the list has another name. */
export function trackRecordRow({ open, ...record }: TrackRecord) {
  const stored = { ...instantsAsText(record), version: record.version + 1, openFindings: open }
  return { ...watchKey(record.subject), kind: 'track-record', ...stored }
}

/** @throws StoredShapeError when the row is not what `trackRecordRow` writes. */
export function readTrackRecord(subject: string, row: unknown): TrackRecord {
  if (row === undefined) return { subject, version: 0, asks: [], decisions: [], had: {}, open: [] }
  const { openFindings, ...record } = read($TrackRecord, row)
  return { ...record, open: openFindings }
}

/** A finding as its row. `open` is there until it is closed; `month` stays. */
export function findingRow(finding: Finding) {
  const indexed = { month: findingsOf(monthOf(finding.openedAt)), ...(!finding.closed && { open: FINDINGS_OPEN }) }
  return { ...findingKey(finding.id), kind: 'finding', ...indexed, ...instantsAsText(finding) }
}

/** @throws StoredShapeError when the row is not what `findingRow` writes. */
export function readFinding(row: unknown): Finding {
  return read($Finding, row)
}
