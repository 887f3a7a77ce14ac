import type { Ink } from './ink.ts'
import { plainLine } from './plain-line.ts'

/** A column: its heading, and how its cell is read from a row. */
export type Columns<Row> = Readonly<Record<string, (row: Row) => string | number | undefined>>

/** Rows under headings, every column as wide as its widest cell. The same on a terminal and in a pipe, but for the colours. */
export function table<Row>(columns: Columns<Row>, rows: readonly Row[], ink: Ink): string {
  const headings = Object.keys(columns).map(heading => heading.toUpperCase())
  const cells = rows.map(row => Object.values(columns).map(cell => plainLine(String(cell(row) ?? ''))))
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...cells.map(row => lengthOf(row[column] ?? ''))),
  )
  const line = (row: readonly string[]): string =>
    row.map((cell, column) => padded(cell, widths[column] ?? 0)).join('  ')
  return [ink('bold', line(headings).trimEnd()), ...cells.map(row => line(row).trimEnd())]
    .map(each => `${each}\n`)
    .join('')
}

/** Names and what they are, one a line; those without a value are left out. `indent` counts spaces. */
export function facts(entries: Readonly<Record<string, string | number | undefined>>, ink: Ink, indent = 2): string {
  const known = Object.entries(entries).filter(([, value]) => value !== undefined && value !== '')
  const width = Math.max(0, ...known.map(([name]) => name.length))
  return known
    .map(([name, value]) => `${' '.repeat(indent)}${ink('dim', name.padEnd(width))}  ${plainLine(String(value))}\n`)
    .join('')
}

function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - lengthOf(text)))
}

/** Columns a text takes up, as far as code points tell. */
function lengthOf(text: string): number {
  return [...text].length
}
