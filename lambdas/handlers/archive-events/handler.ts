import type { Logger } from '@aws-lambda-powertools/logger'
import type { Staging } from '../../application/ports/archive.ts'
import { readEvent, readRequest } from '../../contract/rows.ts'
import { type WrittenRow, writtenRowsOf } from '../../contract/stream-record.ts'
import { type ArchiveLine, lineOfEvent, lineOfRequest } from '../../domain/archive/line.ts'
import { StoredShapeError } from '../../domain/errors.ts'
import { isOpen } from '../../domain/request.ts'

export interface ArchiveEventsDeps {
  readonly staging: Pick<Staging, 'stage' | 'setAside'>
}

/**
 * What was written to the table, as its stream gives it: new events, and requests that are over, are staged for the archive. A row that
 * nobody can read is set aside, so that what comes behind it goes on; all else that fails is thrown, and Lambda comes back with the
 * batch. Shown again, it stages the same objects again.
 */
export function createHandler({ staging }: ArchiveEventsDeps, logger: Pick<Logger, 'error'>) {
  return async (batch: unknown): Promise<void> => {
    const lines: ArchiveLine[] = []
    for (const written of writtenRowsOf(batch)) {
      try {
        const line = lineIn(written)
        if (line) lines.push(line)
      } catch (error) {
        if (!(error instanceof StoredShapeError)) throw error
        logger.error('a row cannot be archived and is set aside', { sequenceNumber: written.sequenceNumber, error })
        await staging.setAside(written.sequenceNumber, written.row)
      }
    }
    if (lines.length > 0) await staging.stage(lines)
  }
}

function lineIn({ isNew, kind, row }: WrittenRow): ArchiveLine | undefined {
  if (kind === 'event') return isNew ? lineOfEvent(readEvent(row)) : undefined
  if (kind !== 'request') return undefined
  const request = readRequest(row)
  return isOpen(request) ? undefined : lineOfRequest(request)
}
