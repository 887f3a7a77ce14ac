import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { DynamoFindingStore } from '../../lambdas/adapters/dynamo-finding-store.ts'
import { RandomIds } from '../../lambdas/adapters/system-chance.ts'
import { FindingWatcher } from '../../lambdas/application/notice-findings.ts'
import { anAccessFile } from '../support/an-access-file.ts'
import { type BareEmulator, startBareEmulator } from '../support/bare-emulator.ts'
import { aLedgerTable } from '../support/ledger-table.ts'
import { RecordedFindingTeller } from '../support/recorded-finding-teller.ts'
import { RecordedMetrics } from '../support/recorded-metrics.ts'
import { aWorld } from '../support/world.ts'

const TABLE = 'lapse'
/** Shards of a stream that show events of one person at the same moment. */
const AT_ONCE = 10
let emulator: BareEmulator
let findings: DynamoFindingStore

beforeAll(async () => {
  emulator = await startBareEmulator()
  const base = new DynamoDBClient({ ...emulator.configFor(emulator.rootCredentials), maxAttempts: 3 })
  await base.send(aLedgerTable(TABLE))
  const client = DynamoDBDocumentClient.from(base, { marshallOptions: { removeUndefinedValues: true } })
  findings = new DynamoFindingStore(client, TABLE)
}, 90_000)

afterAll(() => emulator.stop())

describe('what is found, in DynamoDB', () => {
  it('ANO-05 in events of one person at once is one finding with every one of them, told once', async () => {
    const access = anAccessFile({ findings: { rules: { 'ineligible-probing': { refusals: 1, entitlements: 1 } } } })
    const world = aWorld({ access })
    const teller = new RecordedFindingTeller()
    const log = { error: (message: string) => expect(message).toBe('') }
    const metrics = new RecordedMetrics()
    const watcher = new FindingWatcher({ access, findings, teller, metrics, ids: new RandomIds(), log })
    const ids: string[] = []
    for (let asked = 0; asked < AT_ONCE; asked += 1) {
      const outcome = await world.ask({ requester: 'carol' })
      if (outcome.outcome === 'refused') ids.push(outcome.request.id)
    }
    const seen = ids.map(async id => {
      const history = await world.store.history(id)
      const [event] = history?.events ?? []
      if (history && event) await watcher.see({ ...history, event })
    })

    await Promise.all(seen)

    const { findings: open } = await findings.list({ state: 'open', limit: 10 })
    expect(open).toMatchObject([{ rule: 'ineligible-probing', subject: 'carol', count: AT_ONCE }])
    expect(new Set(open[0]?.latest.map(({ requestId }) => requestId))).toEqual(new Set(ids))
    const record = await findings.record('carol')
    expect([record.asks.length, record.version, record.open.length]).toEqual([AT_ONCE, AT_ONCE, 1])
    expect([teller.told, metrics.counts]).toEqual([['ineligible-probing of carol'], [{ FindingsOpened: 1 }]])
  })
})
