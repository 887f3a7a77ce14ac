import { CloudTrailClient } from '@aws-sdk/client-cloudtrail'
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  GetUserCommand,
  IAMClient,
  ListUsersCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam'
import { CreateBucketCommand, GetObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { CloudTrailTrail } from '../../lambdas/adapters/cloudtrail-trail.ts'
import type { Principal } from '../../lambdas/domain/request.ts'
import { type BareEmulator, startBareEmulator } from '../support/bare-emulator.ts'

let emulator: BareEmulator
let alice: ReturnType<BareEmulator['configFor']>
let principal: Principal
let trail: CloudTrailTrail
const pauses: number[] = []
const HOUR_MS = 3_600_000
const span = { from: new Date(Date.now() - HOUR_MS), until: new Date(Date.now() + HOUR_MS) }

beforeAll(async () => {
  emulator = await startBareEmulator()
  const { User } = await emulator.iam.send(new CreateUserCommand({ UserName: 'alice', Path: '/people/' }))
  const Statement = [{ Effect: 'Allow', Action: ['iam:GetUser', 's3:*'], Resource: '*' }]
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
  await emulator.iam.send(new PutUserPolicyCommand({ UserName: 'alice', PolicyName: 'read', PolicyDocument }))
  const { AccessKey } = await emulator.iam.send(new CreateAccessKeyCommand({ UserName: 'alice' }))
  alice = emulator.configFor({
    accessKeyId: AccessKey?.AccessKeyId ?? '',
    secretAccessKey: AccessKey?.SecretAccessKey ?? '',
  })
  principal = { arn: User?.Arn ?? '', uniqueId: User?.UserId ?? '' }
  const client = new CloudTrailClient(emulator.configFor(emulator.rootCredentials))
  trail = new CloudTrailTrail(
    () => client,
    async milliseconds => pauses.push(milliseconds),
  )
}, 30_000)

afterAll(() => emulator.stop())

describe('the trail', () => {
  it('AUD-04 shows what a user did and what was refused, and no reading of objects', async () => {
    const iam = new IAMClient(alice)
    const s3 = new S3Client({ ...alice, forcePathStyle: true })
    await iam.send(new GetUserCommand({ UserName: 'alice' }))
    await iam.send(new ListUsersCommand({})).catch(() => {})
    await s3.send(new CreateBucketCommand({ Bucket: 'acme-orders' }))
    await s3.send(new GetObjectCommand({ Bucket: 'acme-orders', Key: 'x' })).catch(() => {})

    const { calls, isCut, unreadable, regions } = await trail.callsOf(principal, span, 40)

    const seen = calls.map(({ action, error }) => ({ action, error }))
    expect(seen).toContainEqual({ action: 'iam:GetUser', error: undefined })
    expect(seen).toContainEqual({ action: 'iam:ListUsers', error: 'AccessDenied' })
    expect(seen).toContainEqual({ action: 's3:CreateBucket', error: undefined })
    expect(seen.map(({ action }) => action)).not.toContain('s3:GetObject')
    expect({ isCut, unreadable, regions }).toEqual({ isCut: false, unreadable: 0, regions: ['us-east-1'] })
    for (const { at } of calls) expect(Math.abs(at.getTime() - Date.now())).toBeLessThan(HOUR_MS)
  })

  it('AUD-04 shows nothing of another principal of the same name, and nothing outside the span', async () => {
    const madeAgain = { ...principal, uniqueId: 'AIDAANOTHER' }
    const session = { arn: 'arn:aws:iam::000000000000:role/x', uniqueId: 'AROAX', session: { name: 'alice' } }

    expect((await trail.callsOf(madeAgain, span, 40)).calls).toEqual([])
    expect((await trail.callsOf(session, span, 40)).calls).toEqual([])
    const before = { from: new Date(Date.now() - 2 * HOUR_MS), until: span.from }
    expect((await trail.callsOf(principal, before, 40)).calls).toEqual([])
  })

  it('AUD-04 is read page by page, at most two a second, and says when there was more', async () => {
    const iam = new IAMClient(alice)
    for (let call = 0; call < 60; call += 1) await iam.send(new GetUserCommand({ UserName: 'alice' }))
    pauses.length = 0

    const cut = await trail.callsOf(principal, span, 1)
    const all = await trail.callsOf(principal, span, 40)

    expect(cut).toMatchObject({ pages: 1, isCut: true })
    expect(cut.calls).toHaveLength(50)
    expect(all).toMatchObject({ pages: 2, isCut: false })
    expect(all.calls.length).toBeGreaterThan(60)
    expect(pauses).toEqual([500, 500, 500])
  })
})
