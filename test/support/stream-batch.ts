import { marshall } from '@aws-sdk/util-dynamodb'
import { eventRow } from '../../lambdas/contract/rows.ts'
import type { LedgerEvent } from '../../lambdas/domain/ledger.ts'

type Row = Readonly<Record<string, unknown>>

/** A batch of new rows as the stream of the table gives it to Lambda; the first has the sequence number 1. */
export function aBatch(rows: readonly Row[], eventName = 'INSERT') {
  return {
    Records: rows.map((row, index) => ({
      eventID: `id-${index}`,
      eventName,
      eventSource: 'aws:dynamodb',
      dynamodb: {
        SequenceNumber: String(index + 1),
        Keys: marshall({ pk: row.pk, sk: row.sk }),
        NewImage: marshall(row, { removeUndefinedValues: true }),
        StreamViewType: 'NEW_AND_OLD_IMAGES',
      },
    })),
  }
}

export function aBatchOf(events: readonly LedgerEvent[]) {
  return aBatch(events.map(eventRow))
}
