import type { FindingChange, FindingQuery, FindingStore } from '../../lambdas/application/ports/finding-store.ts'
import { InvalidCursorError } from '../../lambdas/application/ports/request-store.ts'
import { findingRow, readFinding, readTrackRecord, trackRecordRow } from '../../lambdas/contract/finding-row.ts'
import { findingKey, watchKey } from '../../lambdas/contract/keys.ts'
import type { Finding } from '../../lambdas/domain/findings/finding.ts'
import type { TrackRecord } from '../../lambdas/domain/findings/track-record.ts'
import { monthOf } from '../../lambdas/domain/period.ts'
import { Faults } from './faults.ts'

const TWO_YEARS_AGO = new Date(Date.now() - 730 * 86_400_000)

/** Findings and records as rows, so that what a row cannot keep gets lost here too. */
export class InMemoryFindingStore implements FindingStore {
  readonly rows = new Map<string, string>()
  readonly #faults: Faults

  constructor(faults = new Faults()) {
    this.#faults = faults
  }

  record(subject: string): Promise<TrackRecord> {
    return this.#faults.around('findings.record', () => this.#record(subject))
  }

  find(id: string): Promise<Finding | undefined> {
    return this.#faults.around('findings.find', () => this.#finding(id))
  }

  write({ records, opened, changed }: FindingChange): Promise<'written' | 'stale'> {
    return this.#faults.around('findings.write', () => {
      const isStale =
        records.some(({ subject, version }) => this.#record(subject).version !== version) ||
        opened.some(({ id }) => this.#finding(id) !== undefined) ||
        changed.some(({ from }) => !this.#isStill(from))
      if (isStale) return 'stale'
      for (const record of records) this.#put(trackRecordRow(record))
      for (const finding of opened) this.#put(findingRow(finding))
      for (const { to } of changed) this.#put(findingRow(to))
      return 'written'
    })
  }

  list({ state, limit, after, since = TWO_YEARS_AGO }: FindingQuery): ReturnType<FindingStore['list']> {
    return this.#faults.around('findings.list', () => {
      if (after !== undefined && !this.#finding(after)) throw new InvalidCursorError(`there is no finding ${after}`)
      const fitting = [...this.rows.values()]
        .map(text => JSON.parse(text))
        .filter(({ kind }) => kind === 'finding')
        .map(readFinding)
        .filter(({ closed }) => (closed ? 'closed' : 'open') === state)
        .filter(({ closed, openedAt }) => !closed || monthOf(openedAt) >= monthOf(since))
        .filter(({ id }) => after === undefined || id < after)
        .sort((a, b) => (a.id < b.id ? 1 : -1))
      const findings = fitting.slice(0, limit)
      return { findings, ...(fitting.length > limit && { next: findings.at(-1)?.id }) }
    })
  }

  #isStill(from: Finding): boolean {
    const stored = this.#finding(from.id)
    return stored !== undefined && !stored.closed && stored.count === from.count
  }

  #record(subject: string): TrackRecord {
    return readTrackRecord(subject, this.#row(watchKey(subject)))
  }

  #finding(id: string): Finding | undefined {
    const row = this.#row(findingKey(id))
    return row === undefined ? undefined : readFinding(row)
  }

  #row({ pk }: { readonly pk: string }): unknown {
    const text = this.rows.get(pk)
    return text === undefined ? undefined : JSON.parse(text)
  }

  /** DynamoDB refuses a row in which an attribute of an index is no text. */
  #put(row: { readonly pk: string; readonly open?: unknown; readonly month?: unknown }): void {
    for (const indexed of [row.open, row.month]) {
      if (indexed !== undefined && typeof indexed !== 'string') throw new TypeError(`${row.pk} does not fit an index`)
    }
    this.rows.set(row.pk, JSON.stringify(row))
  }
}
