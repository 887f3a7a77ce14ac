import { gunzipSync, gzipSync } from 'node:zlib'
import { readLine } from '../contract/archive-line.ts'
import type { ArchiveLine, ArchiveTable } from '../domain/archive/line.ts'

/** Lines as an object holds them: JSONL, gzip. The same lines give the same bytes. */
export function compressed(lines: readonly ArchiveLine[]): Buffer {
  return gzipSync(lines.map(({ text }) => `${text}\n`).join(''), { level: 9 })
}

/** @throws StoredShapeError when a line is none of Lapse's. */
export function decompressed(table: ArchiveTable, content: Uint8Array): readonly ArchiveLine[] {
  const texts = gunzipSync(content).toString('utf8').split('\n').slice(0, -1)
  return texts.map(text => readLine(table, text).line)
}
