import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  GetUserCommand,
  IAMClient,
  ListUsersCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam'
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type BareEmulator, startBareEmulator } from '../support/bare-emulator.ts'
import { createStack, inlineFunction } from '../support/cloudformation-stack.ts'
import { invokeFunction } from '../support/invoke-function.ts'

const LIST_TABLES = `const { createHash } = require('node:crypto')
exports.handler = async () => new (require('@aws-sdk/client-dynamodb').DynamoDBClient)({})
  .send(new (require('@aws-sdk/client-dynamodb').ListTablesCommand)({}))`

let emulator: BareEmulator
let alice: IAMClient
let userId: string

beforeAll(async () => {
  emulator = await startBareEmulator()
  const { User } = await emulator.iam.send(new CreateUserCommand({ UserName: 'alice', Path: '/people/' }))
  userId = User?.UserId ?? ''
  const Statement = [{ Effect: 'Allow', Action: 'iam:GetUser', Resource: '*' }]
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
  await emulator.iam.send(new PutUserPolicyCommand({ UserName: 'alice', PolicyName: 'read', PolicyDocument }))
  const { AccessKey } = await emulator.iam.send(new CreateAccessKeyCommand({ UserName: 'alice' }))
  const credentials = { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' }
  alice = new IAMClient(emulator.configFor(credentials))
}, 30_000)

afterAll(() => emulator.stop())

interface TrailEvent {
  EventName: string
  Username: string
  event: unknown
}

interface Page {
  events: TrailEvent[]
  nextToken: unknown
}

async function lookUp(attribute: string, value: string, more: object = {}): Promise<Page> {
  const LookupAttributes = [{ AttributeKey: attribute, AttributeValue: value }]
  const target = 'com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents'
  const { Events, NextToken } = Object(await emulator.json('cloudtrail', target, { LookupAttributes, ...more }))
  if (!Array.isArray(Events)) throw new Error('No events')
  const events = Events.map(({ EventName, Username, CloudTrailEvent }) => ({
    EventName,
    Username,
    event: JSON.parse(CloudTrailEvent),
  }))
  return { events, nextToken: NextToken }
}

describe('CloudTrail', () => {
  it('finds what a user did, and what was refused, by the user’s name', async () => {
    await alice.send(new GetUserCommand({ UserName: 'alice' }))
    await alice.send(new GetUserCommand({ UserName: 'nobody' })).catch(() => {})
    await alice.send(new ListUsersCommand({})).catch(() => {})

    const { events } = await lookUp('Username', 'alice')

    expect(events.map(({ EventName }) => EventName)).toEqual(['ListUsers', 'GetUser', 'GetUser'])
    expect(events[0]?.event).toMatchObject({
      errorCode: 'AccessDenied',
      errorMessage: expect.stringContaining('user/people/alice is not authorized to perform: iam:ListUsers'),
      userIdentity: {
        type: 'IAMUser',
        userName: 'alice',
        principalId: userId,
        arn: 'arn:aws:iam::000000000000:user/people/alice',
      },
    })
    expect(events[1]?.event).toMatchObject({ errorCode: 'NoSuchEntity' })
    expect(events[2]?.event).not.toHaveProperty('errorCode')
  })

  it('files a function’s calls under its session, with the role as issuer', async () => {
    await createStack(emulator, 'functions', {
      ...inlineFunction('clerk', LIST_TABLES, [{ Effect: 'Allow', Action: 'dynamodb:ListTables', Resource: '*' }]),
    })
    await invokeFunction(emulator, 'clerk')

    const { events } = await lookUp('Username', 'clerk')

    expect(events[0]?.event).toMatchObject({
      eventName: 'ListTables',
      userIdentity: {
        type: 'AssumedRole',
        sessionContext: {
          sessionIssuer: { userName: 'clerk-role', arn: 'arn:aws:iam::000000000000:role/lapse/clerk-role' },
        },
      },
    })
  })

  it('answers in pages', async () => {
    for (let i = 0; i < 3; i++) await emulator.iam.send(new ListUsersCommand({}))
    const first = await lookUp('EventName', 'ListUsers', { MaxResults: 2 })
    const second = await lookUp('EventName', 'ListUsers', { MaxResults: 2, NextToken: first.nextToken })

    expect(first.events).toHaveLength(2)
    expect(first.nextToken).toEqual(expect.any(String))
    expect(second.events.length).toBeGreaterThanOrEqual(1)
    expect(second.events[0]?.event).not.toEqual(first.events[0]?.event)
  })

  it('knows management events only', async () => {
    const s3 = new S3Client(emulator.configFor(emulator.rootCredentials))
    await s3.send(new CreateBucketCommand({ Bucket: 'bucket' }))
    await s3.send(new PutObjectCommand({ Bucket: 'bucket', Key: 'key', Body: 'body' }))

    expect((await lookUp('EventName', 'CreateBucket')).events).toHaveLength(1)
    expect((await lookUp('EventName', 'PutObject')).events).toHaveLength(0)
  })
})
