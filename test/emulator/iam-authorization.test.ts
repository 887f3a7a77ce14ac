import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb'
import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreateUserCommand,
  DetachUserPolicyCommand,
  GetRoleCommand,
  GetUserCommand,
  IAMClient,
  PutRolePolicyCommand,
  PutUserPermissionsBoundaryCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { makeUser } from '../../local/people.ts'
import { placeOf } from '../../local/principal-place.ts'
import { letAssume, makeRole, takeSession } from '../../local/role-sessions.ts'
import { type BareEmulator, startBareEmulator } from '../support/bare-emulator.ts'
import { createStack, inlineFunction } from '../support/cloudformation-stack.ts'
import { invokeFunction } from '../support/invoke-function.ts'
import type { Credentials } from '../support/signed-fetch.ts'

const ACCOUNT = 'arn:aws:iam::000000000000'
const GRANT = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }] }
const SHOW_CREDENTIALS = `exports.handler = async () => ({ accessKeyId: process.env.AWS_ACCESS_KEY_ID,
  secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY, sessionToken: process.env.AWS_SESSION_TOKEN })`

let emulator: BareEmulator
let count = 0

beforeAll(async () => {
  emulator = await startBareEmulator()
  await emulator.iam.send(new CreateUserCommand({ UserName: 'alice', Path: '/people/' }))
  await emulator.iam.send(new CreateUserCommand({ UserName: 'deploy', Path: '/machines/' }))
  for (const name of ['one', 'boundary']) await createPolicy(name)
}, 30_000)

afterAll(() => emulator.stop())

async function createPolicy(name: string, iam = emulator.iam, more: object = {}): Promise<string> {
  const command = new CreatePolicyCommand({
    PolicyName: name,
    Path: '/lapse/grant/',
    PolicyDocument: JSON.stringify(GRANT),
    ...more,
  })
  return (await iam.send(command)).Policy?.Arn ?? ''
}

interface Statement {
  Effect?: 'Allow' | 'Deny'
  Action: string | string[]
  Resource?: string
  Condition?: object
}

async function keysOf(UserName: string): Promise<Credentials> {
  const { AccessKey } = await emulator.iam.send(new CreateAccessKeyCommand({ UserName }))
  return { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' }
}

/** The IAM client of a new user who has these rights. */
async function someoneWho(
  ...statements: Statement[]
): Promise<{ iam: IAMClient; credentials: Credentials; userId: string }> {
  const UserName = `someone-${count++}`
  const { User } = await emulator.iam.send(new CreateUserCommand({ UserName }))
  await allow(UserName, ...statements)
  const credentials = await keysOf(UserName)
  return { iam: new IAMClient(emulator.configFor(credentials)), credentials, userId: User?.UserId ?? '' }
}

async function allow(UserName: string, ...statements: Statement[]): Promise<void> {
  const Statement = statements.map(statement => ({ Effect: 'Allow', Resource: '*', ...statement }))
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
  await emulator.iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'rights', PolicyDocument }))
}

const DENIED = { name: 'AccessDenied' }
const attach = (name: string, user = 'alice') =>
  new AttachUserPolicyCommand({ UserName: user, PolicyArn: `${ACCOUNT}:policy/lapse/grant/${name}` })
const detach = (name: string, user = 'alice') =>
  new DetachUserPolicyCommand({ UserName: user, PolicyArn: `${ACCOUNT}:policy/lapse/grant/${name}` })

describe('a caller', () => {
  it('whose signature is wrong is refused', async () => {
    const { credentials } = await someoneWho({ Action: 'iam:*' })
    const forger = new IAMClient(emulator.configFor({ ...credentials, secretAccessKey: 'guessed' }))

    await expect(forger.send(new GetUserCommand({ UserName: 'alice' }))).rejects.toMatchObject({
      name: 'SignatureDoesNotMatch',
    })
  })

  it('without an Allow is denied, with one allowed, with a Deny denied', async () => {
    const read = new GetUserCommand({ UserName: 'alice' })
    const [nobody, reader, barred] = await Promise.all([
      someoneWho({ Action: 's3:*' }),
      someoneWho({ Action: 'iam:GetUser' }),
      someoneWho({ Action: 'iam:*' }, { Effect: 'Deny', Action: 'iam:GetUser' }),
    ])

    await expect(nobody.iam.send(read)).rejects.toMatchObject(DENIED)
    await expect(reader.iam.send(read)).resolves.toMatchObject({ User: { UserName: 'alice' } })
    await expect(barred.iam.send(read)).rejects.toMatchObject(DENIED)
  })

  it('is limited by a permissions boundary', async () => {
    const { iam } = await someoneWho({ Action: 'iam:*' })
    const UserName = `someone-${count - 1}`
    await emulator.iam.send(
      new PutUserPermissionsBoundaryCommand({
        UserName,
        PermissionsBoundary: `${ACCOUNT}:policy/lapse/grant/boundary`,
      }),
    )

    await expect(iam.send(new GetUserCommand({ UserName: 'alice' }))).rejects.toMatchObject(DENIED)
  })
})

describe('the resource of an IAM action', () => {
  it('carries the path of a user', async () => {
    const { iam } = await someoneWho({ Action: 'iam:AttachUserPolicy', Resource: `${ACCOUNT}:user/people/*` })

    await expect(iam.send(attach('one'))).resolves.toBeDefined()
    await expect(iam.send(attach('one', 'deploy'))).rejects.toMatchObject(DENIED)
  })

  it('carries the path of a policy that is created', async () => {
    const { iam } = await someoneWho({ Action: 'iam:CreatePolicy', Resource: `${ACCOUNT}:policy/lapse/grant/*` })

    await expect(createPolicy('mine', iam)).resolves.toBe(`${ACCOUNT}:policy/lapse/grant/mine`)
    await expect(createPolicy('mine', iam, { Path: '/other/' })).rejects.toMatchObject(DENIED)
  })
})

describe('the condition key', () => {
  it('iam:PolicyARN is the policy that is attached or detached', async () => {
    await createPolicy('two')
    const Condition = { ArnLike: { 'iam:PolicyARN': `${ACCOUNT}:policy/lapse/grant/t*` } }
    const { iam } = await someoneWho({ Action: ['iam:AttachUserPolicy', 'iam:DetachUserPolicy'], Condition })

    await expect(iam.send(attach('one'))).rejects.toMatchObject(DENIED)
    await expect(iam.send(attach('two'))).resolves.toBeDefined()
    await expect(iam.send(detach('two'))).resolves.toBeDefined()
  })

  it('iam:PermissionsBoundary is the boundary that is set', async () => {
    const boundary = (name: string) => `${ACCOUNT}:policy/lapse/grant/${name}`
    const Condition = { StringEquals: { 'iam:PermissionsBoundary': boundary('boundary') } }
    const { iam } = await someoneWho({ Action: 'iam:CreateUser', Condition })
    const create = (name: string, PermissionsBoundary?: string) =>
      iam.send(new CreateUserCommand({ UserName: name, PermissionsBoundary }))

    await expect(create('bounded', boundary('boundary'))).resolves.toBeDefined()
    await expect(create('other', boundary('one'))).rejects.toMatchObject(DENIED)
    await expect(create('unbounded')).rejects.toMatchObject(DENIED)
  })

  it('aws:RequestTag and aws:TagKeys are the tags of CreatePolicy', async () => {
    const Condition = {
      StringEquals: { 'aws:RequestTag/lapse:request': 'r-1' },
      'ForAllValues:StringEquals': { 'aws:TagKeys': ['lapse:request'] },
    }
    const { iam } = await someoneWho({ Action: ['iam:CreatePolicy', 'iam:TagPolicy'], Condition })
    const tagged = (name: string, ...tags: [string, string][]) =>
      createPolicy(name, iam, { Tags: tags.map(([Key, Value]) => ({ Key, Value })) })

    await expect(tagged('tagged', ['lapse:request', 'r-1'])).resolves.toBeDefined()
    await expect(tagged('wrong', ['lapse:request', 'r-2'])).rejects.toMatchObject(DENIED)
    await expect(tagged('more', ['lapse:request', 'r-1'], ['other', 'x'])).rejects.toMatchObject(DENIED)
    await expect(tagged('untagged')).rejects.toMatchObject(DENIED)
  })

  it('aws:userid is the id of the user, not the name', async () => {
    const { iam, userId } = await someoneWho({
      Action: 'iam:GetUser',
      Condition: { StringEquals: { 'aws:userid': 'nobody' } },
    })
    const read = new GetUserCommand({ UserName: 'alice' })
    await expect(iam.send(read)).rejects.toMatchObject(DENIED)

    await allow(`someone-${count - 1}`, {
      Action: 'iam:GetUser',
      Condition: { StringEquals: { 'aws:userid': userId } },
    })

    expect(userId).toMatch(/^AIDA/)
    await expect(iam.send(read)).resolves.toBeDefined()
  })

  it('aws:CurrentTime opens and closes a right by itself', async () => {
    const at = (seconds: number) => `${new Date(Date.now() + seconds * 1000).toISOString().slice(0, 19)}Z`
    const read = new GetUserCommand({ UserName: 'alice' })
    const Condition = {
      DateGreaterThanEquals: { 'aws:CurrentTime': at(-60) },
      DateLessThan: { 'aws:CurrentTime': at(2) },
    }
    const [now, later] = await Promise.all([
      someoneWho({ Action: 'iam:GetUser', Condition }),
      someoneWho({ Action: 'iam:GetUser', Condition: { DateGreaterThanEquals: { 'aws:CurrentTime': at(60) } } }),
    ])

    await expect(now.iam.send(read)).resolves.toBeDefined()
    await expect(later.iam.send(read)).rejects.toMatchObject(DENIED)
    await new Promise(resolve => setTimeout(resolve, 2100))
    await expect(now.iam.send(read)).rejects.toMatchObject(DENIED)
  })
})

describe('a policy variable', () => {
  it('stands for the caller’s name in a resource', async () => {
    const { iam } = await someoneWho({ Action: 'iam:GetUser', Resource: `${ACCOUNT}:user/\${aws:username}` })
    const UserName = `someone-${count - 1}`

    await expect(iam.send(new GetUserCommand({ UserName }))).resolves.toBeDefined()
    await expect(iam.send(new GetUserCommand({ UserName: 'alice' }))).rejects.toMatchObject(DENIED)
  })

  it('without a value matches nothing', async () => {
    const Condition = { StringEquals: { 'aws:username': `\${aws:PrincipalTag/name}` } }
    const { iam } = await someoneWho({ Action: 'iam:GetUser', Condition })

    await expect(iam.send(new GetUserCommand({ UserName: 'alice' }))).rejects.toMatchObject(DENIED)
  })
})

describe('a Lambda function', () => {
  it('acts with the rights of its role, and its session has the role’s id', async () => {
    await createStack(emulator, 'functions', {
      ...inlineFunction('clerk', SHOW_CREDENTIALS, [
        {
          Effect: 'Allow',
          Action: 'iam:GetUser',
          Resource: `${ACCOUNT}:user/people/*`,
          Condition: { StringLike: { 'aws:userid': 'AROA*:clerk' } },
        },
      ]),
    })
    const credentials = credentialsOf((await invokeFunction(emulator, 'clerk')).payload)
    const iam = new IAMClient(emulator.configFor(credentials))
    const tables = new DynamoDBClient(emulator.configFor(credentials))

    await expect(iam.send(new GetUserCommand({ UserName: 'alice' }))).resolves.toBeDefined()
    await expect(iam.send(new GetUserCommand({ UserName: 'deploy' }))).rejects.toMatchObject(DENIED)
    await expect(tables.send(new ListTablesCommand({}))).rejects.toMatchObject({ name: 'AccessDeniedException' })
  })
})

function credentialsOf(payload: unknown): Credentials {
  const { accessKeyId, secretAccessKey, sessionToken } = Object(payload)
  return {
    accessKeyId: String(accessKeyId),
    secretAccessKey: String(secretAccessKey),
    sessionToken: String(sessionToken),
  }
}

describe('a role whose trust policy ties the session to the name of the user', () => {
  const sts = () => ({ endpointUrl: emulator.endpointUrl, region: emulator.region })

  it('lets a user take the session of their own name, and no other', async () => {
    const roleArn = await makeRole(emulator.iam, 'role/people/pinned', emulator.accountId)
    const alice = await makeUser(emulator.iam, 'user/people/alice-of-the-role')
    await letAssume(emulator.iam, placeOf(alice.arn), roleArn)
    const take = (name: string) => takeSession(sts(), alice, { roleArn, name })

    await expect(take('alice-of-the-role')).resolves.toMatchObject({ sessionToken: expect.any(String) })
    for (const name of ['bob', 'Alice-of-the-role', 'alice-of-the-role2'])
      await expect(take(name)).rejects.toThrow('AccessDenied')
  })

  it('lets nobody take it who may not assume it', async () => {
    const roleArn = await makeRole(emulator.iam, 'role/people/pinned-too', emulator.accountId)
    const bob = await makeUser(emulator.iam, 'user/people/bob-without-the-role')

    await expect(takeSession(sts(), bob, { roleArn, name: 'bob-without-the-role' })).rejects.toThrow('AccessDenied')
  })

  it('gives a session temporary keys that are its own: with them IAM knows role and session', async () => {
    const roleArn = await makeRole(emulator.iam, 'role/people/asked', emulator.accountId)
    const carol = await makeUser(emulator.iam, 'user/people/carol-asks')
    await letAssume(emulator.iam, placeOf(carol.arn), roleArn)
    const session = await takeSession(sts(), carol, { roleArn, name: 'carol-asks' })
    const { Role } = await emulator.iam.send(new GetRoleCommand({ RoleName: 'asked' }))
    const condition = { StringEquals: { 'aws:userid': `${Role?.RoleId}:carol-asks` } }
    const Statement = [{ Effect: 'Allow', Action: 'iam:GetUser', Resource: '*', Condition: condition }]
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
    await emulator.iam.send(new PutRolePolicyCommand({ RoleName: 'asked', PolicyName: 'hers', PolicyDocument }))

    const read = new GetUserCommand({ UserName: 'alice' })
    const hers = new IAMClient(emulator.configFor(session))
    await expect(hers.send(read)).resolves.toMatchObject({ User: { UserName: 'alice' } })
    const { sessionToken: _, ...withoutToken } = session
    await expect(new IAMClient(emulator.configFor(withoutToken)).send(read)).rejects.toThrow()
  })
})
