import { type Finding, LATEST_KEPT, type Occurrence } from './finding.ts'
import type { Found } from './judged.ts'
import type { TrackRecord } from './track-record.ts'

/** A new finding of what was found for the first time. */
export function opened(id: string, { rule, subject, alsoAbout, holds, occurrence }: Found): Finding {
  const others = alsoAbout && { alsoAbout }
  return { id, rule, subject, ...others, openedAt: occurrence.at, count: 1, latest: [occurrence], holds }
}

/** What opened a finding; of one written before the first was kept it may be forgotten. */
export function openingOf({ openedAt, latest: [first] }: Pick<Finding, 'openedAt' | 'latest'>): Occurrence | undefined {
  return first?.at.getTime() === openedAt.getTime() ? first : undefined
}

/** The open finding with one more occurrence, or undefined when it has this one already. A finding that comes to hold holds until it is closed. */
export function foundAgain(
  finding: Finding,
  { occurrence, holds, alsoAbout = [] }: Pick<Found, 'occurrence' | 'holds' | 'alsoAbout'>,
): Finding | undefined {
  if (finding.latest.some(known => isSame(known, occurrence))) return undefined
  const [first = occurrence, ...later] = finding.latest
  const latest = [first, ...[...later, occurrence].slice(1 - LATEST_KEPT)]
  const others = [...new Set([...(finding.alsoAbout ?? []), ...alsoAbout])]
  const found = { ...finding, latest, count: finding.count + 1, holds: finding.holds || holds }
  return others.length > 0 ? { ...found, alsoAbout: others } : found
}

/** The record with this finding among its open ones, in the place of what it said of it before. */
export function withOpen(record: TrackRecord, { id, rule, holds }: Finding): TrackRecord {
  return { ...record, open: [...record.open.filter(each => each.id !== id), { id, rule, holds }] }
}

/** The record without a finding that is closed at an instant. */
export function withClosed(record: TrackRecord, { id, rule }: Finding, at: Date): TrackRecord {
  const open = record.open.filter(each => each.id !== id)
  return { ...record, open, closedAt: { ...record.closedAt, [rule]: at } }
}

/** What no event showed is the same when it was seen at the same time. */
function isSame(one: Occurrence, other: Occurrence): boolean {
  return one.requestId === other.requestId && one.requestId !== undefined
    ? one.sequence === other.sequence
    : one.requestId === other.requestId && one.at.getTime() === other.at.getTime() && one.detail === other.detail
}
