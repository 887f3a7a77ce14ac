import type { FindingAnswer } from '../api/finding-answer.ts'
import type { Ink } from './ink.ts'
import { plainLine } from './plain-line.ts'
import { facts, table } from './table.ts'

/** One a line, with what was seen last. */
export function findingsTable(findings: readonly FindingAnswer[], ink: Ink): string {
  return table<FindingAnswer>(
    {
      finding: row => row.findingId,
      rule: row => row.rule,
      about: row => row.subject,
      opened: row => row.openedAt,
      found: row => times(row.count),
      state: row => (row.closed ? `closed by ${row.closed.by}` : row.holds ? 'open, holds' : 'open'),
      last: row => row.latest[0]?.detail,
    },
    findings,
    ink,
  )
}

/** Everything about a finding, and what to do. */
export function findingText(finding: FindingAnswer, ink: Ink): string {
  const { findingId, state, rule, title, whatToDo, learnMore, subject, name, alsoAbout, ...seen } = finding
  const { openedAt, count, latest, holds, closed } = seen
  const head = `${ink('bold', plainLine(findingId))}  ${ink(closed ? 'green' : 'yellow', plainLine(state))}  ${plainLine(title)}\n`
  const about = facts(
    {
      rule,
      about: name === undefined ? subject : `${subject} (${name})`,
      'points at': alsoAbout?.join(', '),
      opened: openedAt,
      found: times(count),
      holds:
        holds && !closed ? 'yes: its subject gets nothing further until it is closed, emergencies apart' : undefined,
      'what to do': closed ? undefined : whatToDo,
      'learn more': closed ? undefined : learnMore,
      closed: closed && `by ${closed.by} at ${closed.at}: ${closed.comment}`,
    },
    ink,
  )
  const hidden = count > latest.length ? `  and ${count - latest.length} in between\n` : ''
  return `${head}${about}${latest.map(each => seenText(each, ink)).join('')}${hidden}`
}

function seenText({ at, detail, requestId }: FindingAnswer['latest'][number], ink: Ink): string {
  const where = requestId === undefined ? '' : `  ${ink('dim', `request ${plainLine(requestId)}`)}`
  return `  ${ink('dim', plainLine(at))}  ${plainLine(detail)}${where}\n`
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`
}
