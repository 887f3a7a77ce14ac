import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import {
  CloudTrailClient,
  CreateTrailCommand,
  PutEventSelectorsCommand,
  StartLoggingCommand,
} from '@aws-sdk/client-cloudtrail'
import { CreateAccessKeyCommand, CreateUserCommand, PutUserPolicyCommand } from '@aws-sdk/client-iam'
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { BothTrails } from '../../lambdas/adapters/both-trails.ts'
import { CloudTrailTrail } from '../../lambdas/adapters/cloudtrail-trail.ts'
import { TrailFiles } from '../../lambdas/adapters/trail-files.ts'
import type { Principal } from '../../lambdas/domain/request.ts'
import { type BareEmulator, startBareEmulator } from '../support/bare-emulator.ts'

const PATH = 'audit/AWSLogs/000000000000/CloudTrail'
const HOUR_MS = 3_600_000
const span = { from: new Date(Date.now() - HOUR_MS), until: new Date(Date.now() + HOUR_MS) }

let emulator: BareEmulator
let principal: Principal
let alice: S3Client
let files: TrailFiles
let cloudTrail: CloudTrailClient
let s3: S3Client

beforeAll(async () => {
  emulator = await startBareEmulator()
  const config = emulator.configFor(emulator.rootCredentials)
  s3 = new S3Client({ ...config, forcePathStyle: true })
  cloudTrail = new CloudTrailClient(config)
  for (const Bucket of ['acme-trail', 'acme-orders']) await s3.send(new CreateBucketCommand({ Bucket }))
  await s3.send(new PutObjectCommand({ Bucket: 'acme-orders', Key: '2026/march.csv', Body: 'order,total\n' }))
  const { User } = await emulator.iam.send(new CreateUserCommand({ UserName: 'alice', Path: '/people/' }))
  const Statement = [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }]
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
  await emulator.iam.send(new PutUserPolicyCommand({ UserName: 'alice', PolicyName: 'read', PolicyDocument }))
  const { AccessKey } = await emulator.iam.send(new CreateAccessKeyCommand({ UserName: 'alice' }))
  const { AccessKeyId: accessKeyId = '', SecretAccessKey: secretAccessKey = '' } = AccessKey ?? {}
  alice = new S3Client({ ...emulator.configFor({ accessKeyId, secretAccessKey }), forcePathStyle: true })
  principal = { arn: User?.Arn ?? '', uniqueId: User?.UserId ?? '' }
  await cloudTrail.send(
    new CreateTrailCommand({
      Name: 'acme',
      S3BucketName: 'acme-trail',
      S3KeyPrefix: 'audit',
      IsMultiRegionTrail: true,
    }),
  )
  files = new TrailFiles(s3, `s3://acme-trail/${PATH}`)
}, 40_000)

afterAll(() => emulator.stop())

const readMarch = () => alice.send(new GetObjectCommand({ Bucket: 'acme-orders', Key: '2026/march.csv' }))

describe('the files of a trail', () => {
  it('AUD-04 show nothing before the trail logs, and no reading of objects until it is told to record that', async () => {
    await readMarch()
    expect(await files.callsOf(principal, span, 40)).toEqual({
      calls: [],
      regions: [],
      pages: 0,
      files: 0,
      isCut: false,
      unreadable: 0,
    })

    await cloudTrail.send(new StartLoggingCommand({ Name: 'acme' }))
    await readMarch()

    expect((await files.callsOf(principal, span, 40)).calls).toEqual([])
  })

  it('AUD-04 show which object was read, and what was refused, of the one person', async () => {
    const DataResources = [{ Type: 'AWS::S3::Object', Values: ['arn:aws:s3'] }]
    await cloudTrail.send(new PutEventSelectorsCommand({ TrailName: 'acme', EventSelectors: [{ DataResources }] }))
    await readMarch()
    await alice.send(new PutObjectCommand({ Bucket: 'acme-orders', Key: 'own.csv', Body: 'x' })).catch(() => {})

    const { calls, regions, unreadable } = await files.callsOf(principal, span, 40)

    expect(calls.map(({ action, isReadOnly, error, resources }) => ({ action, isReadOnly, error, resources }))).toEqual(
      expect.arrayContaining([
        {
          action: 's3:GetObject',
          isReadOnly: true,
          error: undefined,
          resources: ['arn:aws:s3:::acme-orders/2026/march.csv', 'arn:aws:s3:::acme-orders'],
        },
        {
          action: 's3:PutObject',
          isReadOnly: false,
          error: 'AccessDenied',
          resources: ['arn:aws:s3:::acme-orders/own.csv', 'arn:aws:s3:::acme-orders'],
        },
      ]),
    )
    expect([calls.length, regions, unreadable]).toEqual([2, ['us-east-1'], 0])
    expect((await files.callsOf({ ...principal, uniqueId: 'AIDAANOTHER' }, span, 40)).calls).toEqual([])
    const before = { from: new Date(Date.now() - 2 * HOUR_MS), until: span.from }
    expect((await files.callsOf(principal, before, 40)).calls).toEqual([])
  })

  it('AUD-04 and the event history are one list, each call once', async () => {
    const history = new CloudTrailTrail(() => cloudTrail, sleep)

    const { calls, files: read, pages } = await new BothTrails(history, files).callsOf(principal, span, 40)

    const ids = calls.map(({ eventId }) => eventId)
    expect(new Set(ids).size).toBe(ids.length)
    expect(calls.map(({ action }) => action)).toContain('s3:GetObject')
    expect([read !== undefined && read > 0, pages]).toEqual([true, 1])
  })

  it('AUD-04 are looked for from the start of the span to two hours after it, the latest first, and what is no such file is counted', async () => {
    const noon = { from: new Date('2026-03-01T12:00:00Z'), until: new Date('2026-03-01T23:30:00Z') }
    const put = (name: string, Body: Buffer) =>
      s3.send(new PutObjectCommand({ Bucket: 'acme-trail', Key: `${PATH}/${name}`, Body }))
    const aFile = (region: string, day: string, stamp: string) =>
      `${region}/${day}/000000000000_CloudTrail_${region}_${stamp}_${stamp}.json.gz`
    const aCall = (eventID: string, eventTime: string) => ({
      eventID,
      eventTime,
      eventSource: 's3.amazonaws.com',
      eventName: 'GetObject',
      userIdentity: { principalId: principal.uniqueId },
      readOnly: true,
    })
    const packed = (...Records: readonly object[]) => gzipSync(JSON.stringify({ Records }))
    await put(aFile('us-east-1', '2026/03/01', '20260301T1159Z'), packed(aCall('too-early', '2026-03-01T12:30:00Z')))
    await put(aFile('us-east-1', '2026/03/01', '20260301T1205Z'), packed(aCall('in', '2026-03-01T12:01:00Z'), {}))
    await put(aFile('eu-west-3', '2026/03/02', '20260302T0129Z'), packed(aCall('late', '2026-03-01T23:29:59Z')))
    await put(aFile('eu-west-3', '2026/03/02', '20260302T0131Z'), packed(aCall('too-late', '2026-03-01T23:29:59Z')))
    await put(aFile('us-east-1', '2026/03/01', '20260301T1300Z'), Buffer.from('not packed'))
    await put('us-east-1/2026/03/01/000000000000_CloudTrail_us-east-1_notes.txt', Buffer.from('a note'))
    await put('notes/2026/03/01/x.json.gz', Buffer.from('a folder that is no region'))

    const found = await files.callsOf(principal, noon, 40)

    expect(found.calls.map(({ eventId }) => eventId).sort()).toEqual(['in', 'late'])
    expect(found).toMatchObject({ files: 3, unreadable: 2, isCut: false, regions: ['eu-west-3', 'us-east-1'] })
    const cut = await files.callsOf(principal, noon, 1 / 50)
    expect([cut.calls.map(({ eventId }) => eventId), cut.files, cut.isCut]).toEqual([['late'], 1, true])
  })
})
