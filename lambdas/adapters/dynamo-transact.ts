import { TransactionCanceledException } from '@aws-sdk/client-dynamodb'
import { type DynamoDBDocumentClient, TransactWriteCommand } from '@aws-sdk/lib-dynamodb'

export type TransactItems = NonNullable<ConstructorParameters<typeof TransactWriteCommand>[0]['TransactItems']>

/** Why DynamoDB cancels a transaction that would pass a moment later. The SDK does not try such a one again. */
const TRANSIENT = new Set(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'])
/** Tries at a transaction that met another one on the same rows, or no room. */
const MOST_TRIES = 8

/**
 * Writes all or nothing. `condition-failed`: a condition of one item did not hold. With a token DynamoDB takes a repeated send of the
 * same transaction as one.
 */
export async function transact(
  client: DynamoDBDocumentClient,
  items: TransactItems,
  token?: string,
): Promise<'written' | 'condition-failed'> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.send(new TransactWriteCommand({ TransactItems: items, ClientRequestToken: token }))
      return 'written'
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error
      const codes = error.CancellationReasons?.map(({ Code }) => Code) ?? []
      if (codes.includes('ConditionalCheckFailed')) return 'condition-failed'
      if (!codes.some(code => code !== undefined && TRANSIENT.has(code)) || attempt >= MOST_TRIES) throw error
      await new Promise(resolve => setTimeout(resolve, Math.random() * 2 ** attempt * 10))
    }
  }
}
