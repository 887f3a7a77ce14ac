import { DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { describe, expect, it } from '@jest/globals'
import { DynamoFreezeStore } from '../../lambdas/adapters/dynamo-freeze-store.ts'
import { DynamoRequestStore } from '../../lambdas/adapters/dynamo-request-store.ts'
import { RandomIds } from '../../lambdas/adapters/system-chance.ts'
import { InvalidCursorError } from '../../lambdas/application/ports/request-store.ts'
import { $LinkToken, SIX_DIGITS } from '../../lambdas/contract/decision-form.ts'
import { $RequestId } from '../../lambdas/contract/list-query.ts'
import { StoredShapeError } from '../../lambdas/domain/errors.ts'
import { ASKED_AT, aBeginning } from '../support/a-request.ts'

/** A table that answers each command by its name. */
function storeOn(answer: (command: string, call: number) => object) {
  const commands: string[] = []
  const base = new DynamoDBClient({ region: 'eu-central-1', credentials: { accessKeyId: 'a', secretAccessKey: 's' } })
  const client = DynamoDBDocumentClient.from(base, { marshallOptions: { removeUndefinedValues: true } })
  client.middlewareStack.add(
    (_next, context) => async () => {
      const command = context.commandName ?? ''
      commands.push(command)
      return { output: { $metadata: {}, ...answer(command, commands.length) }, response: {} }
    },
    { step: 'deserialize', priority: 'high' },
  )
  return { store: new DynamoRequestStore(client, 'lapse'), freezes: new DynamoFreezeStore(client, 'lapse'), commands }
}

const cursorOf = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const cancelled = (...codes: string[]) =>
  new TransactionCanceledException({ message: 'no', $metadata: {}, CancellationReasons: codes.map(Code => ({ Code })) })

describe('a cursor', () => {
  const id = '01JQ0000000000000000000000'

  it.each([
    { id, month: '2027-13' },
    { id, month: '2027-00' },
    { id, month: '9999-99' },
    { id: 'x', month: '2027-01' },
    { id },
    null,
    5,
  ])('REQ-08 of %j was not given by a list, and is no broken store', async value => {
    const { store } = storeOn(() => ({ Items: [] }))

    await expect(Promise.resolve().then(() => store.list({ limit: 5, cursor: cursorOf(value) }))).rejects.toThrow(
      InvalidCursorError,
    )
  })

  it('REQ-08 a table without requests is looked through for a bounded number of months', async () => {
    const { store, commands } = storeOn(() => ({ Items: [] }))

    expect(await store.list({ limit: 5 })).toEqual({ requests: [] })
    expect(commands.length).toBeLessThanOrEqual(15)
  })
})

describe('a transaction', () => {
  it('APP-10 that met another one is tried again', async () => {
    const { store, commands } = storeOn((command, call) => {
      if (command.startsWith('TransactWrite') && call < 3) throw cancelled('TransactionConflict', 'None')
      return {}
    })

    expect(await store.create(aBeginning())).toEqual({ outcome: 'created' })
    expect(commands).toHaveLength(3)
  })

  it('APP-10 that always meets another one is an error after some tries, never a success', async () => {
    const { store, commands } = storeOn(() => {
      throw cancelled('TransactionConflict')
    })

    await expect(store.create(aBeginning())).rejects.toThrow(TransactionCanceledException)
    expect(commands.length).toBeLessThanOrEqual(8)
  }, 15_000)

  it('APP-10 that was cancelled for another reason is an error, not a lost race', async () => {
    for (const code of ['ValidationError', 'ThrottlingError', 'ItemCollectionSizeLimitExceeded']) {
      const { store } = storeOn(() => {
        throw cancelled(code)
      })

      await expect(store.create(aBeginning())).rejects.toThrow(TransactionCanceledException)
    }
  })
})

describe('a freeze', () => {
  const freeze = { by: 'adam', at: ASKED_AT, reason: 'an intruder' }

  it('END-05 that met another one at the same moment is tried again', async () => {
    const { freezes } = storeOn((command, call) => {
      if (command.startsWith('TransactWrite') && call < 3) throw cancelled('TransactionConflict', 'None')
      return {}
    })

    expect(await freezes.freeze(freeze)).toEqual(freeze)
  })

  it('END-05 whose row is not in its shape is an error: unreadable is not unfrozen', async () => {
    const { freezes } = storeOn(() => ({ Item: { pk: 'FREEZE', sk: 'NOW', state: 'thawed' } }))

    await expect(freezes.current()).rejects.toThrow(StoredShapeError)
  })

  it('END-05 that cannot be read is an error', async () => {
    const { freezes } = storeOn(() => {
      throw new Error('ProvisionedThroughputExceeded')
    })

    await expect(freezes.current()).rejects.toThrow()
  })
})

describe('chance', () => {
  it('APP-01 makes tokens, codes and ids of the form they are read by, each another', () => {
    const ids = new RandomIds()
    const tokens = Array.from({ length: 500 }, () => ids.linkToken())
    const codes = Array.from({ length: 500 }, () => ids.code())

    expect(tokens.every(token => $LinkToken.safeParse(token).success)).toBe(true)
    expect(new Set(tokens).size).toBe(500)
    expect(codes.every(code => SIX_DIGITS.test(code))).toBe(true)
    expect(new Set(codes).size).toBeGreaterThan(450)
    expect($RequestId.safeParse(ids.requestId(new Date())).success).toBe(true)
  })
})
