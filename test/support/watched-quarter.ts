import type { AccessFile } from '../../lambdas/domain/access-file.ts'
import type { FindingRule } from '../../lambdas/domain/findings/finding.ts'
import { type Found, judged, subjectsOf } from '../../lambdas/domain/findings/judged.ts'
import type { TrackRecord } from '../../lambdas/domain/findings/track-record.ts'
import type { Told } from './errand.ts'

export interface Watching {
  readonly requests: number
  readonly events: number
  /** Requests by which something was found. */
  readonly flagged: ReadonlySet<string>
  readonly found: readonly Found[]
  readonly microsecondsPerEvent: number
  readonly records: ReadonlyMap<string, TrackRecord>
}

/** Has the rules look at events one after the other, as the function that follows the stream does. */
export function watch(access: AccessFile, told: readonly Told[]): Watching {
  const records = new Map<string, TrackRecord>()
  const found: Found[] = []
  const begun = performance.now()
  for (const { event, events, request } of told) {
    const before = subjectsOf(event, request).map(subject => records.get(subject) ?? nothingOf(subject))
    const judgement = judged(access, event, events, request, before)
    for (const { rule, error } of judgement.failed) throw new Error(`${rule} broke`, { cause: error })
    for (const record of judgement.records) records.set(record.subject, record)
    found.push(...judgement.found)
  }
  return {
    requests: new Set(told.map(({ request }) => request.id)).size,
    events: told.length,
    flagged: new Set(found.flatMap(({ occurrence }) => occurrence.requestId ?? [])),
    found,
    microsecondsPerEvent: ((performance.now() - begun) * 1000) / told.length,
    records,
  }
}

/** How many requests each rule flagged. */
export function byRule(found: readonly Found[]): Readonly<Partial<Record<FindingRule, number>>> {
  const rules = Object.entries(Object.groupBy(found, ({ rule }) => rule))
  return Object.fromEntries(
    rules.map(([rule, of]) => [rule, new Set(of.map(({ occurrence }) => occurrence.requestId)).size]),
  )
}

export function nothingOf(subject: string): TrackRecord {
  return { subject, version: 0, asks: [], decisions: [], had: {}, open: [] }
}
