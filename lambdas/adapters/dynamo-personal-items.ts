import { debtRow, usesRow } from '../contract/personal-rows.ts'
import type { Transition } from '../domain/lifecycle.ts'
import type { Uses } from '../domain/uses.ts'
import type { TransactItems } from './dynamo-transact.ts'

/** The write of what a person has had, on the condition that it still is what was read. */
export function usesItem(TableName: string, person: string, uses: Uses): TransactItems[number] {
  const Item = usesRow(person, uses)
  if (uses.version === 0) return { Put: { TableName, Item, ConditionExpression: 'attribute_not_exists(pk)' } }
  return {
    Put: {
      TableName,
      Item,
      ConditionExpression: '#version = :read',
      ExpressionAttributeNames: { '#version': 'version' },
      ExpressionAttributeValues: { ':read': uses.version },
    },
  }
}

/**
 * What a step does to the debt row of the requester. It follows from the step, so that no emergency is approved without it.
 *
 *   a debt opens:   the row is not there, or closed     so of two emergencies at once one is approved
 *   a debt closes:  the row is open for this request
 */
export function debtItems(TableName: string, { from, to }: Transition): TransactItems {
  const names = { '#state': 'state' }
  if (!from.debt && to.debt) {
    return [
      {
        Put: {
          TableName,
          Item: debtRow(to),
          ConditionExpression: 'attribute_not_exists(pk) OR #state = :closed',
          ExpressionAttributeNames: names,
          ExpressionAttributeValues: { ':closed': 'closed' },
        },
      },
    ]
  }
  if (from.debt?.closed || !to.debt?.closed) return []
  return [
    {
      Put: {
        TableName,
        Item: debtRow(to),
        ConditionExpression: '#state = :open AND requestId = :id',
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: { ':open': 'open', ':id': to.id },
      },
    },
  ]
}
