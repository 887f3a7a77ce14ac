import {
  AttachGroupPolicyCommand,
  AttachRolePolicyCommand,
  CreateGroupCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteUserCommand,
} from '@aws-sdk/client-iam'
import { afterAll, beforeAll } from '@jest/globals'
import { IamPolicyAuthor } from '../../lambdas/adapters/iam-policy-author.ts'
import { IamPolicyBinder } from '../../lambdas/adapters/iam-policy-binder.ts'
import { IamPolicyInventory } from '../../lambdas/adapters/iam-policy-inventory.ts'
import { IamPolicyQuotas } from '../../lambdas/adapters/iam-policy-quotas.ts'
import { IamPolicyRemover } from '../../lambdas/adapters/iam-policy-remover.ts'
import { inventoryContract } from '../adapters/closing-contract.ts'
import { type Iam, iamContract } from '../adapters/iam-contract.ts'
import { type BareEmulator, startBareEmulator } from '../support/bare-emulator.ts'

let emulator: BareEmulator
let meddled = 0

beforeAll(async () => {
  emulator = await startBareEmulator()
}, 90_000)

afterAll(() => emulator.stop())

const handsOnIam = (): Iam & { readonly inventory: IamPolicyInventory } => {
  const { iam } = emulator
  const nameOf = (arn: string) => arn.slice(arn.lastIndexOf('/') + 1)
  return {
    author: new IamPolicyAuthor(iam),
    binder: new IamPolicyBinder(iam),
    remover: new IamPolicyRemover(iam),
    inventory: new IamPolicyInventory(iam),
    quotas: new IamPolicyQuotas(iam),
    account: emulator.accountId,
    async addUser(arn) {
      const { User } = await iam.send(new CreateUserCommand({ UserName: nameOf(arn), Path: '/people/' }))
      return User?.UserId ?? ''
    },
    async removeUser(arn) {
      await iam.send(new DeleteUserCommand({ UserName: nameOf(arn) }))
    },
    async addRole(arn, { effect, actions, principals, conditions }, PermissionsBoundary) {
      const Statement = [{ Effect: effect, Action: actions, Principal: principals, Condition: conditions }]
      const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
      const role = { RoleName: nameOf(arn), Path: '/people/', AssumeRolePolicyDocument, PermissionsBoundary }
      return (await iam.send(new CreateRoleCommand(role))).Role?.RoleId ?? ''
    },
    async meddle(policyArn) {
      meddled += 1
      const [RoleName, GroupName] = [`role-${meddled}`, `group-${meddled}`]
      const nobody = { Version: '2012-10-17', Statement: [] }
      await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify(nobody) }))
      await iam.send(new CreateGroupCommand({ GroupName }))
      await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: policyArn }))
      await iam.send(new AttachGroupPolicyCommand({ GroupName, PolicyArn: policyArn }))
      const Statement = [{ Effect: 'Allow', Action: ['s3:ListBucket'], Resource: ['*'] }]
      const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
      await iam.send(new CreatePolicyVersionCommand({ PolicyArn: policyArn, PolicyDocument, SetAsDefault: true }))
      await iam.send(new CreatePolicyVersionCommand({ PolicyArn: policyArn, PolicyDocument, SetAsDefault: false }))
    },
  }
}

iamContract('IAM', handsOnIam)

inventoryContract('IAM', handsOnIam)
