import { type ArchiveLine, type ArchiveTable, lineOfEvent, lineOfRequest } from '../domain/archive/line.ts'
import { StoredShapeError } from '../domain/errors.ts'
import type { LedgerEvent } from '../domain/ledger.ts'
import { readEvent, readRequest } from './rows.ts'

/** A line with the event it spells, if it is one. */
export interface SpelledLine {
  readonly line: ArchiveLine
  readonly event?: LedgerEvent | undefined
}

/** @throws StoredShapeError when the text is not, to the letter, a line Lapse writes. */
export function readLine(table: ArchiveTable, text: string): SpelledLine {
  const read = spelled(table, text)
  if (read.line.text !== text) throw new StoredShapeError(`${table} ${read.line.requestId} ${read.line.sequence}`)
  return read
}

function spelled(table: ArchiveTable, text: string): SpelledLine {
  const value = json(text)
  if (table === 'requests') return { line: lineOfRequest(readRequest(value)) }
  const event = readEvent(value)
  return { line: lineOfEvent(event), event }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new StoredShapeError('of the archive (no JSON)', { cause })
  }
}
