import { setTimeout as sleep } from 'node:timers/promises'
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail'
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  GetUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { CloudTrailTrail } from '../../lambdas/adapters/cloudtrail-trail.ts'
import { CloudWatchMetrics } from '../../lambdas/adapters/cloudwatch-metrics.ts'
import { DynamoBooks } from '../../lambdas/adapters/dynamo-books.ts'
import { DynamoRequestStore } from '../../lambdas/adapters/dynamo-request-store.ts'
import { closeTheBooks } from '../../lambdas/application/close-books.ts'
import { decide } from '../../lambdas/domain/decide.ts'
import { plusSeconds, wholeSeconds } from '../../lambdas/domain/instant.ts'
import { verifyChain } from '../../lambdas/domain/ledger.ts'
import { activate, end } from '../../lambdas/domain/lifecycle.ts'
import { aBeginning, aDecision, aReceipt, grantOf, shownOf } from '../support/a-request.ts'
import { anAccessFile, anEntitlement } from '../support/an-access-file.ts'
import { type BareEmulator, startBareEmulator } from '../support/bare-emulator.ts'
import { aLedgerTable } from '../support/ledger-table.ts'
import { SteppedClock } from '../support/stepped-clock.ts'

const TABLE = 'lapse'
const STATEMENTS = [{ actions: ['iam:GetUser'], resources: ['*'] }]
let emulator: BareEmulator

beforeAll(async () => {
  emulator = await startBareEmulator()
}, 30_000)

afterAll(() => emulator.stop())

/** Alice's user, with a standing right to what the grant allows: what she does after the end succeeds. */
async function alice() {
  const { User } = await emulator.iam.send(new CreateUserCommand({ UserName: 'alice', Path: '/people/' }))
  const Statement = [{ Effect: 'Allow', Action: 'iam:GetUser', Resource: '*' }]
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
  await emulator.iam.send(new PutUserPolicyCommand({ UserName: 'alice', PolicyName: 'read', PolicyDocument }))
  const { AccessKey } = await emulator.iam.send(new CreateAccessKeyCommand({ UserName: 'alice' }))
  const { AccessKeyId: accessKeyId = '', SecretAccessKey: secretAccessKey = '' } = AccessKey ?? {}
  const iam = new IAMClient(emulator.configFor({ accessKeyId, secretAccessKey }))
  const calls = () => iam.send(new GetUserCommand({ UserName: 'alice' }))
  return { principal: { arn: User?.Arn ?? '', uniqueId: User?.UserId ?? '' }, calls }
}

describe('the books of a real table and a real trail', () => {
  it('AUD-05 AUD-04 have what was done before the end, and as a violation what was done after it', async () => {
    const config = emulator.configFor(emulator.rootCredentials)
    const base = new DynamoDBClient(config)
    await base.send(aLedgerTable(TABLE))
    const client = DynamoDBDocumentClient.from(base, { marshallOptions: { removeUndefinedValues: true } })
    const store = new DynamoRequestStore(client, TABLE)
    const books = new DynamoBooks(client, TABLE)
    const { principal, calls } = await alice()

    const notAfter = plusSeconds(wholeSeconds(new Date()), 6)
    const approvedAt = plusSeconds(notAfter, -3600)
    const beginning = aBeginning({ principal, at: plusSeconds(approvedAt, -900), durationSeconds: 3600 })
    const { id } = beginning.to
    await store.create(beginning)
    const today = shownOf(beginning.to, STATEMENTS)
    const decided = decide(beginning.to, aDecision(beginning.to, { at: approvedAt, seen: today.hash }), today)
    if (decided.outcome === 'refused') throw new Error(decided.detail)
    const active = activate(decided.transition.to, approvedAt)
    const ended = end(active.to, 'expired', aReceipt(active.to), { service: 'revoker' })
    for (const step of [decided.transition, active, ended]) expect(await store.commit(step)).toBe('won')
    expect(grantOf(ended.to).notAfter).toEqual(notAfter)

    await calls()
    await sleep(notAfter.getTime() + 1000 - Date.now())
    await calls()
    const clock = new SteppedClock()
    clock.setTo(plusSeconds(notAfter, 3 * 3600))
    const access = anAccessFile({ entitlements: [anEntitlement({ statements: STATEMENTS })] })
    const looks = await closeTheBooks({
      access,
      store,
      books,
      trail: new CloudTrailTrail(() => new CloudTrailClient(config), sleep),
      metrics: new CloudWatchMetrics(new CloudWatchClient(config)),
      clock,
    })

    expect(looks).toEqual([{ what: 'final', of: id, violations: 1 }])
    expect(await books.find(id)).toMatchObject({
      state: 'final',
      grantUse: 'used',
      actions: [{ action: 'iam:GetUser', calls: 1, isGranted: true, isReadOnly: true }],
      violations: [{ action: 'iam:GetUser', when: 'after-end' }],
    })
    const history = await store.history(id)
    expect(history?.events.at(-1)).toMatchObject({ type: 'books-closed', details: { violations: 1 } })
    expect(verifyChain(id, history?.events ?? []).outcome).toBe('intact')
  }, 60_000)
})
