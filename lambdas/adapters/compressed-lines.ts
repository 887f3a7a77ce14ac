import { gunzipSync, gzipSync } from 'node:zlib'
import { readLine } from '../contract/archive-line.ts'
import type { ArchiveLine, ArchiveTable } from '../domain/archive/line.ts'
import { StoredShapeError } from '../domain/errors.ts'

/** Lines as an object holds them: JSONL, gzip. The same lines give the same bytes. */
export function compressed(lines: readonly ArchiveLine[]): Buffer {
  return gzipSync(lines.map(({ text }) => `${text}\n`).join(''), { level: 9 })
}

/** @throws StoredShapeError when the object, which it names, has a line that is none of Lapse's, or no lines at all. */
export function decompressed(table: ArchiveTable, key: string, content: Uint8Array): readonly ArchiveLine[] {
  try {
    const texts = gunzipSync(content).toString('utf8').split('\n').slice(0, -1)
    return texts.map(text => readLine(table, text).line)
  } catch (cause) {
    throw new StoredShapeError(key, { cause })
  }
}
