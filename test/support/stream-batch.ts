import { marshall } from '@aws-sdk/util-dynamodb'
import { eventRow } from '../../lambdas/contract/rows.ts'
import type { LedgerEvent } from '../../lambdas/domain/ledger.ts'

type Row = Readonly<Record<string, unknown>>

/** What became of a row: new without `before`, deleted without `after`. */
export interface Change {
  readonly before?: Row
  readonly after?: Row
}

/** A batch of changes as the stream of the table gives it to Lambda; the first has the sequence number 1. */
export function aBatchOfChanges(changes: readonly Change[]) {
  return {
    Records: changes.map(({ before, after }, index) => ({
      eventID: `id-${index}`,
      eventName: before ? (after ? 'MODIFY' : 'REMOVE') : 'INSERT',
      eventSource: 'aws:dynamodb',
      dynamodb: {
        SequenceNumber: String(index + 1),
        Keys: marshall({ pk: (after ?? before)?.pk, sk: (after ?? before)?.sk }),
        ...(before && { OldImage: image(before) }),
        ...(after && { NewImage: image(after) }),
        StreamViewType: 'NEW_AND_OLD_IMAGES',
      },
    })),
  }
}

/** A batch of new rows. */
export function aBatch(rows: readonly Row[]) {
  return aBatchOfChanges(rows.map(after => ({ after })))
}

export function aBatchOf(events: readonly LedgerEvent[]) {
  return aBatch(events.map(eventRow))
}

/** A record of a row that left by its time to live, which DynamoDB itself deletes. */
export function expired(before: Row) {
  const { Records } = aBatchOfChanges([{ before }])
  const userIdentity = { type: 'Service', principalId: 'dynamodb.amazonaws.com' }
  return { Records: Records.map(record => ({ ...record, userIdentity })) }
}

function image(row: Row) {
  return marshall(row, { removeUndefinedValues: true })
}
