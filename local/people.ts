import { CreateAccessKeyCommand, CreateUserCommand, type IAMClient, PutUserPolicyCommand } from '@aws-sdk/client-iam'
import type { AccessFile } from '../lambdas/domain/access-file.ts'
import type { Keys } from './signed-call.ts'

export interface LocalPerson extends Keys {
  readonly arn: string
}

/** What an organisation gives everybody who may use Lapse: the right to call it, and nothing else. */
const MAY_CALL_THE_API = {
  Version: '2012-10-17',
  Statement: [{ Sid: 'CallLapse', Effect: 'Allow', Action: 'execute-api:Invoke', Resource: '*' }],
}

/** Makes the IAM users of the access file's people, each with keys. The first principal of a person is the one given back. */
export async function makePeople(iam: IAMClient, access: AccessFile): Promise<Readonly<Record<string, LocalPerson>>> {
  const made = await Promise.all(
    Object.values(access.people).map(async ({ id, principals }) => {
      const users = await Promise.all(principals.map(principal => makeUser(iam, principal)))
      return users[0] ? ([[id, users[0]]] as const) : []
    }),
  )
  return Object.fromEntries(made.flat())
}

/** An IAM user by its path (`user/people/alice`), with keys and the right to call the API. */
export async function makeUser(iam: IAMClient, principal: string): Promise<LocalPerson> {
  const parts = principal.split('/')
  const UserName = parts.at(-1) ?? principal
  const Path = `/${parts.slice(1, -1).join('/')}/`.replace('//', '/')
  const { User } = await iam.send(new CreateUserCommand({ UserName, Path }))
  const PolicyDocument = JSON.stringify(MAY_CALL_THE_API)
  await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'may-call-lapse', PolicyDocument }))
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }))
  if (!User?.Arn || !AccessKey?.AccessKeyId || !AccessKey.SecretAccessKey)
    throw new Error(`IAM gave no user or keys for ${principal}`)
  return { arn: User.Arn, accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey }
}
