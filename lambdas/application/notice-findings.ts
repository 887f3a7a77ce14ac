import { StoredShapeError } from '../domain/errors.ts'
import type { FindingRule } from '../domain/findings/finding.ts'
import { type Judgement, judged, subjectsOf } from '../domain/findings/judged.ts'
import type { TrackRecord } from '../domain/findings/track-record.ts'
import {
  ContendedRecordError,
  changeFor,
  MOST_WRITES,
  type OpenFindingDeps,
  openedBy,
  tellOpened,
} from './open-finding.ts'
import type { FailureLog } from './ports/failure-log.ts'
import type { Watched, Watcher } from './watch-event.ts'

/** A look that came to nothing. Without a rule it was that of all of them. */
interface Broken {
  readonly rule?: FindingRule
  readonly error: unknown
}

export interface NoticeFindingsDeps extends OpenFindingDeps {
  readonly log: FailureLog
}

/**
 * Compares every new event with what is known of its people, and opens findings.
 *
 *   records → rules → records and findings in one write, if nobody wrote in between → the bus → the count
 *
 * An event that comes again is known by the records and judged no more, or was forgotten there and finds what is known; but a finding
 * that was opened by it is told of again: so one that died between the write and the telling is told of.
 *
 * Invariant: neither a rule that breaks nor a row that nobody can read keeps the events behind it from being seen.
 */
export class FindingWatcher implements Watcher {
  readonly #deps: NoticeFindingsDeps

  constructor(deps: NoticeFindingsDeps) {
    this.#deps = deps
  }

  /** A row that cannot be read would be no better the next time, and the stream waits behind it: it is counted and passed over. */
  async see(watched: Watched): Promise<void> {
    const { requestId, sequence } = watched.event
    try {
      for (const { rule, error } of await this.#noticed(watched)) {
        await this.#failed('a rule of findings broke', { rule, requestId, sequence, error })
      }
    } catch (error) {
      if (!(error instanceof StoredShapeError)) throw error
      await this.#failed('what is known of a person cannot be read', { requestId, sequence, error })
    }
  }

  /** Gives what broke. */
  async #noticed(watched: Watched): Promise<readonly Broken[]> {
    const { event, request } = watched
    const { findings } = this.#deps
    const subjects = subjectsOf(event, request)
    for (let attempt = 1; attempt <= MOST_WRITES; attempt += 1) {
      const records = await Promise.all(subjects.map(subject => findings.record(subject)))
      const judgement = this.#judged(watched, records)
      if ('error' in judgement) return [judgement]
      if (judgement.records.length === 0) {
        await tellOpened(this.#deps, await openedBy(this.#deps, records, event))
        return []
      }
      const noted = records.map(record => judgement.records.find(({ subject }) => subject === record.subject) ?? record)
      const change = await changeFor(this.#deps, noted, judgement.found)
      if ((await findings.write(change)) === 'stale') continue
      const isKnown = judgement.found.length > change.opened.length + change.changed.length
      const openedBefore = isKnown ? await openedBy(this.#deps, records, event) : []
      await tellOpened(this.#deps, [...change.opened, ...openedBefore])
      return judgement.failed
    }
    throw new ContendedRecordError(subjects)
  }

  /** Judging is pure: what breaks it once would break it again. */
  #judged({ event, events, request }: Watched, records: readonly TrackRecord[]): Judgement | Broken {
    try {
      return judged(this.#deps.access, event, events, request, records)
    } catch (error) {
      return { error }
    }
  }

  async #failed(message: string, about: Readonly<Record<string, unknown>>): Promise<void> {
    this.#deps.log.error(message, about)
    await this.#deps.metrics.count({ RulesFailed: 1 })
  }
}
