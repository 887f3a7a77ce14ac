import {
  AttachUserPolicyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateUserCommand,
  DeletePolicyCommand,
  DeleteUserCommand,
  DetachUserPolicyCommand,
  ListAttachedUserPoliciesCommand,
  ListEntitiesForPolicyCommand,
  ListPoliciesCommand,
} from '@aws-sdk/client-iam'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type BareEmulator, startBareEmulator } from '../support/bare-emulator.ts'

const ACCOUNT = 'arn:aws:iam::000000000000'
const STATEMENT = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }

let emulator: BareEmulator
let count = 0

beforeAll(async () => {
  emulator = await startBareEmulator()
}, 30_000)

afterAll(() => emulator.stop())

async function createPolicy(
  document: unknown = { Version: '2012-10-17', Statement: [STATEMENT] },
  Path = '/lapse/',
): Promise<string> {
  const PolicyDocument = typeof document === 'string' ? document : JSON.stringify(document)
  const command = new CreatePolicyCommand({ PolicyName: `policy-${count++}`, Path, PolicyDocument })
  return (await emulator.iam.send(command)).Policy?.Arn ?? ''
}

async function createUser(): Promise<string> {
  const UserName = `user-${count++}`
  await emulator.iam.send(new CreateUserCommand({ UserName }))
  return UserName
}

const attach = (UserName: string, PolicyArn: string) =>
  emulator.iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn }))

describe('attaching', () => {
  it('a policy that does not exist is NoSuchEntity', async () => {
    await expect(attach(await createUser(), `${ACCOUNT}:policy/lapse/none`)).rejects.toMatchObject({
      name: 'NoSuchEntityException',
    })
  })

  it('to a user that does not exist is NoSuchEntity', async () => {
    await expect(attach('nobody', await createPolicy())).rejects.toMatchObject({ name: 'NoSuchEntityException' })
  })

  it('an eleventh policy is LimitExceeded; attaching one of the ten again is not', async () => {
    const user = await createUser()
    const policies = await Promise.all(Array.from({ length: 11 }, () => createPolicy()))
    for (const policy of policies.slice(0, 10)) await attach(user, policy)

    await expect(attach(user, policies[10] ?? '')).rejects.toMatchObject({ name: 'LimitExceededException' })
    await expect(attach(user, policies[0] ?? '')).resolves.toBeDefined()
  })
})

describe('detaching', () => {
  it('a policy that is not attached is NoSuchEntity', async () => {
    const command = new DetachUserPolicyCommand({ UserName: await createUser(), PolicyArn: await createPolicy() })

    await expect(emulator.iam.send(command)).rejects.toMatchObject({ name: 'NoSuchEntityException' })
  })
})

describe('deleting', () => {
  it('an attached policy, or a user with policies, is DeleteConflict', async () => {
    const [UserName, PolicyArn] = [await createUser(), await createPolicy()]
    await attach(UserName, PolicyArn)

    await expect(emulator.iam.send(new DeletePolicyCommand({ PolicyArn }))).rejects.toMatchObject({
      name: 'DeleteConflictException',
    })
    await expect(emulator.iam.send(new DeleteUserCommand({ UserName }))).rejects.toMatchObject({
      name: 'DeleteConflictException',
    })
  })

  it('a policy with another version is DeleteConflict', async () => {
    const PolicyArn = await createPolicy()
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [STATEMENT] })
    await emulator.iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument }))

    await expect(emulator.iam.send(new DeletePolicyCommand({ PolicyArn }))).rejects.toMatchObject({
      name: 'DeleteConflictException',
    })
  })

  it('a policy twice is NoSuchEntity', async () => {
    const PolicyArn = await createPolicy()
    await emulator.iam.send(new DeletePolicyCommand({ PolicyArn }))

    await expect(emulator.iam.send(new DeletePolicyCommand({ PolicyArn }))).rejects.toMatchObject({
      name: 'NoSuchEntityException',
    })
  })
})

describe('a policy document', () => {
  it.each([
    ['that is no JSON', '{'],
    ['without statements', { Version: '2012-10-17', Statement: [] }],
    ['of another version', { Version: '2012-10-18', Statement: [STATEMENT] }],
    ['with an action of no service', { Version: '2012-10-17', Statement: [{ ...STATEMENT, Action: 'GetObject' }] }],
    ['with a resource that is no ARN', { Version: '2012-10-17', Statement: [{ ...STATEMENT, Resource: 'bucket' }] }],
    ['without a resource', { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:*' }] }],
    ['with an unknown effect', { Version: '2012-10-17', Statement: [{ ...STATEMENT, Effect: 'Maybe' }] }],
    [
      'with an unknown condition operator',
      { Version: '2012-10-17', Statement: [{ ...STATEMENT, Condition: { StringIs: { a: 'b' } } }] },
    ],
    ['with a Sid that is not alphanumeric', { Version: '2012-10-17', Statement: [{ ...STATEMENT, Sid: 'a-b' }] }],
    [
      'with a Sid twice',
      {
        Version: '2012-10-17',
        Statement: [
          { ...STATEMENT, Sid: 'a' },
          { ...STATEMENT, Sid: 'a' },
        ],
      },
    ],
  ])('%s is malformed', async (_, document) => {
    await expect(createPolicy(document)).rejects.toMatchObject({ name: 'MalformedPolicyDocumentException' })
  })

  it('of 6,144 characters fits, of one more does not, white space aside', async () => {
    const ofLength = (length: number) => {
      const document = (resource: string) =>
        JSON.stringify({ Version: '2012-10-17', Statement: [{ ...STATEMENT, Resource: `arn:aws:s3:::${resource}` }] })
      return document('x'.repeat(length - document('').length))
    }

    await expect(createPolicy(`${ofLength(6144)}\n   `)).resolves.toBeDefined()
    await expect(createPolicy(ofLength(6145))).rejects.toMatchObject({ name: 'LimitExceededException' })
  })
})

describe('a list', () => {
  it('of policies is limited to a path and comes in pages', async () => {
    const created = await Promise.all(Array.from({ length: 5 }, () => createPolicy(undefined, '/pages/')))
    const first = await emulator.iam.send(
      new ListPoliciesCommand({ Scope: 'Local', PathPrefix: '/pages/', MaxItems: 3 }),
    )
    const second = await emulator.iam.send(
      new ListPoliciesCommand({ Scope: 'Local', PathPrefix: '/pages/', MaxItems: 3, Marker: first.Marker }),
    )

    expect(first).toMatchObject({ IsTruncated: true, Policies: { length: 3 } })
    expect(second).toMatchObject({ IsTruncated: false, Policies: { length: 2 } })
    const arns = [...(first.Policies ?? []), ...(second.Policies ?? [])].map(policy => policy.Arn)
    expect(arns.sort()).toEqual(created.sort())
  })

  it('of a user’s policies, and of a policy’s users, names what is attached', async () => {
    const [UserName, PolicyArn] = [await createUser(), await createPolicy()]
    await attach(UserName, PolicyArn)

    const policies = await emulator.iam.send(new ListAttachedUserPoliciesCommand({ UserName }))
    const entities = await emulator.iam.send(new ListEntitiesForPolicyCommand({ PolicyArn }))

    expect(policies).toMatchObject({ AttachedPolicies: [{ PolicyArn }], IsTruncated: false })
    expect(entities.PolicyUsers).toMatchObject([{ UserName }])
  })
})
