import { stringify } from 'csv-stringify/sync'
import { toInstant } from '../domain/instant.ts'
import { minutesOf } from '../domain/review/distribution.ts'
import type { InventoryResult } from '../domain/review/inventory.ts'
import type { Session } from '../domain/review/session.ts'

/** A column of a CSV: its heading and how its cell is read from a row. */
export type Columns<Row> = Readonly<Record<string, (row: Row) => string | number | undefined>>

const instant = (date: Date | undefined) => date && toInstant(date)
const minutes = (seconds: number | undefined) => (seconds === undefined ? undefined : minutesOf(seconds))

export const SESSION_COLUMNS: Columns<Session> = {
  request_id: row => row.requestId,
  requester: row => row.requester,
  entitlement: row => row.entitlement,
  parameters: row =>
    Object.entries(row.parameters)
      .map(([name, value]) => `${name}=${value}`)
      .join(' '),
  reason: row => row.reason,
  ticket: row => row.ticket,
  rule: row => row.rule,
  approvers: row => row.approvers.join(' '),
  asked_at: row => instant(row.askedAt),
  approved_at: row => instant(row.approvedAt),
  began_at: row => instant(row.beganAt),
  planned_end: row => instant(row.plannedEnd),
  ended_at: row => instant(row.endedAt),
  verified_at: row => instant(row.verifiedAt),
  cause: row => row.cause,
  status: row => row.status,
  requested_minutes: row => minutes(row.requestedSeconds),
  granted_minutes: row => minutes(row.grantedSeconds),
  held_minutes: row => minutes(row.heldSeconds),
  approval_seconds: row => row.approvalSeconds,
  lateness_seconds: row => row.latenessSeconds,
  attached_without_fence: row => row.asIs,
}

/** A row of `inventory.csv`. `listed` is `no` for what was granted in the period and is no longer in the access file. */
type Inventory = InventoryResult['inventory']
export const INVENTORY_COLUMNS: Columns<Inventory['rows'][number] | Inventory['former'][number]> = {
  entitlement: row => row.entitlement,
  title: row => ('title' in row ? row.title : undefined),
  risk: row => ('title' in row ? row.risk : undefined),
  rule: row => row.rule,
  effect: row => ('title' in row ? row.effect : undefined),
  listed: row => ('title' in row ? 'yes' : 'no'),
  people: row => ('title' in row ? row.people.join(' ') : undefined),
  approvers: row =>
    'title' in row
      ? row.stages.map(({ name, quorum, approvers }) => `${name} (${quorum} of ${approvers.join(' ')})`).join(' then ')
      : undefined,
  maximum_minutes: row => ('title' in row ? row.maximumMinutes : undefined),
  asked: row => row.asked,
  granted: row => row.granted,
}

/**
 * The heading of a table. It begins with a byte order mark: without one Excel reads UTF-8 as the code page of the machine and an
 * auditor sees `ZoÃ«`; readers that are programs skip it (`utf-8-sig` in Python, `read_csv` of DuckDB and pandas by itself).
 */
export function headingOf<Row>(columns: Columns<Row>): string {
  return csv([Object.keys(columns)], true)
}

/** Rows as lines of CSV (RFC 4180, CRLF), every text safe to open in a spreadsheet. */
export function linesOf<Row>(columns: Columns<Row>, rows: readonly Row[]): string {
  const cells = Object.values(columns)
  return csv(
    rows.map(row => cells.map(cell => cell(row))),
    false,
  )
}

/** What makes a spreadsheet take a text for a formula, full-width forms included. */
const FORMULA_START = /(^|;)(?=[\t\r\n]|\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])/g

/**
 * A text that no spreadsheet runs: an apostrophe before whatever starts a formula at its beginning, after leading space, or after
 * a semicolon, where a spreadsheet set to many European languages begins a new cell even inside quotes. Control characters, line
 * breaks among them, become spaces. The `escape_formulas` of csv-stringify knows the first of these only. The exact text is in
 * the ledger. https://owasp.org/www-community/attacks/CSV_Injection
 */
export function formulaSafe(text: string): string {
  return text.replaceAll(FORMULA_START, "$1'").replaceAll(/\p{Cc}/gu, ' ')
}

function csv(rows: readonly (readonly (string | number | undefined)[])[], bom: boolean): string {
  return stringify([...rows], { bom, record_delimiter: 'windows', cast: { string: formulaSafe } })
}
