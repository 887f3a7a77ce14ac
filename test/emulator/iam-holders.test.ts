import {
  AddUserToGroupCommand,
  AttachGroupPolicyCommand,
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  type IAMClient,
} from '@aws-sdk/client-iam'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { IamHolders } from '../../lambdas/adapters/iam-holders.ts'
import { type BareEmulator, startBareEmulator } from '../support/bare-emulator.ts'

let emulator: BareEmulator
let iam: IAMClient
let holders: IamHolders

beforeAll(async () => {
  emulator = await startBareEmulator()
  iam = emulator.iam
  holders = new IamHolders(iam)
}, 90_000)

afterAll(() => emulator.stop())

const documentOf = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
const READ = documentOf({ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' })
const TRUST = documentOf({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'ec2.amazonaws.com' } })

async function group(GroupName: string, users: readonly string[]): Promise<void> {
  await iam.send(new CreateGroupCommand({ GroupName }))
  for (const UserName of users) {
    await iam.send(new CreateUserCommand({ UserName }))
    await iam.send(new AddUserToGroupCommand({ GroupName, UserName }))
  }
}

describe('who has rights that several may have', () => {
  it('END-06 are the members of a group, many of them too', async () => {
    const names = Array.from({ length: 120 }, (_, index) => `member-${index}`)
    await group('many', names)
    await group('few', [])

    const { users, roles } = await holders.holdersOf({ group: 'many' })

    expect([users.toSorted(), roles]).toEqual([names.toSorted(), []])
    expect(await holders.holdersOf({ group: 'few' })).toEqual({ users: [], roles: [] })
  })

  it('END-06 are the users and roles with a policy, and who has it through a group', async () => {
    const made = await iam.send(new CreatePolicyCommand({ PolicyName: 'team', Path: '/teams/', PolicyDocument: READ }))
    const PolicyArn = made.Policy?.Arn ?? ''
    await group('team', ['alice', 'bob'])
    await iam.send(new CreateUserCommand({ UserName: 'carol', Path: '/people/' }))
    await iam.send(new CreateRoleCommand({ RoleName: 'operator', AssumeRolePolicyDocument: TRUST }))
    await iam.send(new AttachGroupPolicyCommand({ GroupName: 'team', PolicyArn }))
    await iam.send(new AttachUserPolicyCommand({ UserName: 'carol', PolicyArn }))
    await iam.send(new AttachRolePolicyCommand({ RoleName: 'operator', PolicyArn }))

    const { users, roles } = await holders.holdersOf({ policy: PolicyArn })

    expect([users.toSorted(), roles]).toEqual([['alice', 'bob', 'carol'], ['operator']])
  })

  it('END-06 are nobody of what is gone', async () => {
    const policy = `arn:aws:iam::${emulator.accountId}:policy/gone`

    expect(await holders.holdersOf({ group: 'gone' })).toEqual({ users: [], roles: [] })
    expect(await holders.holdersOf({ policy })).toEqual({ users: [], roles: [] })
  })
})
