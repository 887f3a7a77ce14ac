import { type AccessFile, own } from '../access-file.ts'
import type { LedgerEvent } from '../ledger.ts'
import type { Request } from '../request.ts'
import { deciderOf } from './decider.ts'
import type { FindingRule, Occurrence } from './finding.ts'
import { noted } from './noted.ts'
import type { Occasion } from './rule.ts'
import { RULES } from './rules.ts'
import { switchesOf } from './settings.ts'
import type { TrackRecord } from './track-record.ts'

/** What a rule found: to be opened as a finding about the subject, or added to the open one. */
export interface Found {
  readonly rule: FindingRule
  readonly subject: string
  /** As in `Finding`. */
  readonly alsoAbout?: readonly string[] | undefined
  readonly holds: boolean
  readonly occurrence: Occurrence
}

export interface Judgement {
  /** Those that changed; a record that had the event already is not among them, and nothing is found by it. */
  readonly records: readonly TrackRecord[]
  readonly found: readonly Found[]
  /** Rules that broke; the others have judged nevertheless. */
  readonly failed: readonly { readonly rule: FindingRule; readonly error: unknown }[]
}

/** Whose records an event changes, and is judged by: person ids, each once. */
export function subjectsOf(event: LedgerEvent, request: Request): readonly string[] {
  return [...new Set([request.requester, deciderOf(event) ?? request.requester])]
}

/**
 * Notes a new event in the records of its people, and has every rule look at it.
 *
 * @param events of the request, up to this one.
 * @param records those of `subjectsOf`, as they were before.
 */
export function judged(
  access: AccessFile,
  event: LedgerEvent,
  events: readonly LedgerEvent[],
  request: Request,
  records: readonly TrackRecord[],
): Judgement {
  const changed = records.flatMap(record => noted(record, { access, event, events, request }) ?? [])
  const found: Found[] = []
  const failed: { rule: FindingRule; error: unknown }[] = []
  for (const { name: rule, on, by, about, alsoAbout, isCounting, says } of RULES) {
    const { isOff, holds = false } = switchesOf(access.findings, rule)
    const people = { requester: request.requester, decider: deciderOf(event) }
    const record = changed.find(each => each.subject === people[by])
    const subject = people[about]
    if (isOff || !record || subject === undefined || !on.includes(event.type)) continue
    try {
      const before = records.find(each => each.subject === record.subject) ?? record
      const occasion = { access, event, events, request, record, before }
      const closedAt = isCounting ? own(record.closedAt ?? {}, rule) : undefined
      const all = says(occasion)
      const detail = all && closedAt ? says(sinceThen(occasion, closedAt)) : all
      if (detail === undefined) continue
      const others = alsoAbout && people[alsoAbout] !== undefined && { alsoAbout: [people[alsoAbout]] }
      found.push({ rule, subject, ...others, holds, occurrence: occurrenceOf(event, detail) })
    } catch (error) {
      failed.push({ rule, error })
    }
  }
  return { records: changed, found, failed }
}

/** As if nothing had happened until an instant: what was found by then was looked into, and is not found again by the next event. */
function sinceThen(occasion: Occasion, then: Date): Occasion {
  const isLater = ({ at }: { readonly at: Date }) => at > then
  const cut = (record: TrackRecord): TrackRecord => ({
    ...record,
    asks: record.asks.filter(isLater),
    decisions: record.decisions.filter(isLater),
  })
  return { ...occasion, record: cut(occasion.record), before: cut(occasion.before) }
}

function occurrenceOf({ at, requestId, sequence }: LedgerEvent, detail: string): Occurrence {
  return { at, detail, requestId, sequence }
}
