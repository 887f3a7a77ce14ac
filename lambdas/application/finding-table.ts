import type { Finding } from '../domain/findings/finding.ts'
import { RULE_WORDS } from '../domain/findings/rule-words.ts'
import { toInstant } from '../domain/instant.ts'
import type { Columns } from './review-tables.ts'

const instant = (date: Date | undefined) => date && toInstant(date)

/** A row of `findings.csv`. */
export const FINDING_COLUMNS: Columns<Finding> = {
  finding_id: row => row.id,
  rule: row => row.rule,
  title: row => RULE_WORDS[row.rule].title,
  subject: row => row.subject,
  opened_at: row => instant(row.openedAt),
  found: row => row.count,
  held: row => (row.holds ? 'yes' : 'no'),
  last_found_at: row => instant(row.latest.at(-1)?.at),
  last_detail: row => row.latest.at(-1)?.detail,
  requests: row => [...new Set(row.latest.flatMap(({ requestId }) => requestId ?? []))].join(' '),
  closed_at: row => instant(row.closed?.at),
  closed_by: row => row.closed?.by,
  comment: row => row.closed?.comment,
}
