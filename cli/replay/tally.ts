import type { Ink } from '../print/ink.ts'
import { table } from '../print/table.ts'
import type { Changed, Replayed } from './replay.ts'

const WORDS: Readonly<Record<Changed['outcome'], string>> = {
  'now-refused': 'now refused',
  'now-passes': 'now passes',
  changed: 'changed',
}

/** What came of a replay: the changed requests, and how many of each kind there were. Grows with what changed, not with what was read. */
export class Tally {
  readonly #changed: Changed[] = []
  readonly #counts = { same: 0, 'now-refused': 0, 'now-passes': 0, changed: 0, 'not-comparable': 0 }

  add(replayed: Replayed): void {
    this.#counts[replayed.outcome] += 1
    if (replayed.outcome !== 'same' && replayed.outcome !== 'not-comparable') this.#changed.push(replayed)
  }

  get changed(): readonly Changed[] {
    return this.#changed
  }

  get totals() {
    const { same, changed, ...counts } = this.#counts
    return {
      requests: Object.values(this.#counts).reduce((sum, count) => sum + count, 0),
      same,
      nowRefused: counts['now-refused'],
      nowPass: counts['now-passes'],
      changed,
      notComparable: counts['not-comparable'],
    }
  }

  text(ink: Ink): string {
    const { requests, same, nowRefused, nowPass, changed, notComparable } = this.totals
    const rows = this.#changed.flatMap(each => each.changes.map(change => ({ ...each, ...change })))
    const listed = table(
      {
        request: row => row.requestId,
        who: row => row.requester,
        entitlement: row => row.entitlement,
        asked: row => row.askedAt,
        outcome: row => WORDS[row.outcome],
        what: row => row.what,
        before: row => row.before,
        now: row => row.now,
      },
      rows,
      ink,
    )
    const apart = notComparable > 0 ? `, ${notComparable} not refused by the access file and so not compared` : ''
    return (
      `${rows.length > 0 ? `${listed}\n` : ''}${requests} requests: ${same} the same, ${nowRefused} now refused, ` +
      `${nowPass} now pass, ${changed} otherwise changed${apart}\n`
    )
  }
}
