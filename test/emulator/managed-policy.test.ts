import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb'
import { CreateAccessKeyCommand, CreateUserCommand, GetUserCommand, IAMClient } from '@aws-sdk/client-iam'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { IamPolicyAuthor } from '../../lambdas/adapters/iam-policy-author.ts'
import { IamPolicyBinder } from '../../lambdas/adapters/iam-policy-binder.ts'
import { IamPolicyRemover } from '../../lambdas/adapters/iam-policy-remover.ts'
import { documentHash, fenced } from '../../lambdas/domain/fence.ts'
import { plusSeconds, wholeSeconds } from '../../lambdas/domain/instant.ts'
import { parseAccessFile } from '../../lib/access-file/load.ts'
import { type BareEmulator, startBareEmulator } from '../support/bare-emulator.ts'

const ACCESS_FILE = `
version: 1
organisation: Acme
timezone: UTC
mail: { from: lapse@acme.example }
people:
  alice: { name: Alice Aoki, email: alice@acme.example, principals: [user/people/alice] }
  carol: { name: Carol Castillo, email: carol@acme.example }
admins: [alice]
auditors: [alice]
entitlements:
  tables:
    title: Look after the tables
    description: What AWS lets a caretaker of tables do.
    risk: medium
    managedPolicy: arn:aws:iam::aws:policy/TableCaretaker
    duration: { default: 30m, maximum: 4h }
    rules: [{ name: alice, allow: [alice] }]
    approval: { stages: [{ name: owner, approvers: [carol], quorum: 1 }], remindAfter: 15m, unansweredAfter: 4h }
`
/** As the AWS CLI answers, with NotResource, a list of one without brackets and a condition. */
const ANSWER = {
  PolicyVersion: {
    VersionId: 'v2',
    IsDefaultVersion: true,
    Document: {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'Tables',
          Effect: 'Allow',
          Action: 'dynamodb:ListTables',
          NotResource: 'arn:aws:dynamodb:*:*:table/payroll',
          Condition: { StringLike: { 'aws:username': 'al*' } },
        },
      ],
    },
  },
}

let emulator: BareEmulator

beforeAll(async () => {
  emulator = await startBareEmulator()
}, 90_000)

afterAll(() => emulator.stop())

function statementsOfCopy() {
  const parsed = parseAccessFile(ACCESS_FILE, 'access.yaml', () => JSON.stringify(ANSWER))
  if (parsed.outcome === 'invalid') throw new Error(parsed.problems.map(({ message }) => message).join())
  return parsed.access.entitlements.tables?.statements ?? []
}

describe('the fenced copy of an AWS-managed policy', () => {
  it('GRA-07 is taken by IAM, read back as approved, in force in its window for its person, and gone afterwards', async () => {
    const { iam, accountId, configFor } = emulator
    const { User } = await iam.send(new CreateUserCommand({ UserName: 'alice', Path: '/people/' }))
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'alice' }))
    const keys = { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' }
    const [tables, asAlice] = [new DynamoDBClient(configFor(keys)), new IAMClient(configFor(keys))]
    const now = wholeSeconds(new Date())
    const userId = User?.UserId ?? ''
    const [author, binder, remover] = [new IamPolicyAuthor(iam), new IamPolicyBinder(iam), new IamPolicyRemover(iam)]
    const attached = async (name: string, from: number, to: number) => {
      const arn = `arn:aws:iam::${accountId}:policy/lapse/grant/20270301T111500Z/${name}`
      const window = { notBefore: plusSeconds(now, from), notAfter: plusSeconds(now, to), userId }
      const document = fenced(statementsOfCopy(), window)
      expect(await author.create({ arn, document, tags: {} })).toBe('created')
      expect(documentHash(await binder.document(arn))).toBe(documentHash(document))
      await binder.attach(User?.Arn ?? '', arn)
      return arn
    }

    await attached('OVER', -120, -60)
    await attached('LATER', 600, 1200)
    await expect(tables.send(new ListTablesCommand({}))).rejects.toThrow()

    const arn = await attached('NOW', -60, 600)
    expect((await tables.send(new ListTablesCommand({}))).TableNames).toEqual([])
    await expect(asAlice.send(new GetUserCommand({ UserName: 'alice' }))).rejects.toThrow()

    await remover.remove(arn)
    expect(await remover.exists(arn)).toBe(false)
    await expect(tables.send(new ListTablesCommand({}))).rejects.toThrow()
  })
})
