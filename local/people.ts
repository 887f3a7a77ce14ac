import { CreateAccessKeyCommand, CreateUserCommand, type IAMClient, PutUserPolicyCommand } from '@aws-sdk/client-iam'
import type { Keys } from '../cli/api/signed-call.ts'
import type { AccessFile } from '../lambdas/domain/access-file.ts'
import { rolesOf } from '../lambdas/domain/role-session.ts'
import { MAY_CALL_THE_API, placeOf } from './principal-place.ts'
import { letAssume, makeRole, type Sts, takeSession } from './role-sessions.ts'

export interface LocalPerson extends Keys {
  readonly arn: string
}

/** Makes the IAM users and roles of the access file's people. What is given back is a person's first user, or else their first session. */
export async function makePeople(
  iam: IAMClient,
  access: AccessFile,
  sts: Sts & { readonly accountId: string },
): Promise<Readonly<Record<string, LocalPerson>>> {
  const roleArns = new Map(
    await Promise.all(rolesOf(access).map(async role => [role, await makeRole(iam, role, sts.accountId)] as const)),
  )
  const made = await Promise.all(
    Object.values(access.people).map(async ({ id, principals, sessions = [] }) => {
      const users = await Promise.all(principals.map(principal => makeUser(iam, principal)))
      const taken = await Promise.all(
        sessions.map(({ role, session }) =>
          makeSession(iam, sts, users, { roleArn: roleArns.get(role) ?? role, session }),
        ),
      )
      const first = users[0] ?? taken[0]
      return first ? ([[id, first]] as const) : []
    }),
  )
  return Object.fromEntries(made.flat())
}

/** A session of a role, taken by the user of the session's name: one of the person's own, or one that can do nothing else. */
async function makeSession(
  iam: IAMClient,
  sts: Sts,
  users: readonly LocalPerson[],
  { roleArn, session }: { readonly roleArn: string; readonly session: string },
): Promise<LocalPerson> {
  const user =
    users.find(({ arn }) => placeOf(arn).name === session) ?? (await makeUser(iam, `user/sessions/${session}`))
  await letAssume(iam, placeOf(user.arn), roleArn)
  const keys = await takeSession(sts, user, { roleArn, name: session })
  return { arn: sessionArn(roleArn, session), ...keys }
}

function sessionArn(roleArn: string, session: string): string {
  const [, partition, , , account] = roleArn.split(':')
  return `arn:${partition}:sts::${account}:assumed-role/${placeOf(roleArn).name}/${session}`
}

/** An IAM user by its path (`user/people/alice`), with keys and the right to call the API. */
export async function makeUser(iam: IAMClient, principal: string): Promise<LocalPerson> {
  const { name: UserName, path: Path } = placeOf(principal)
  const { User } = await iam.send(new CreateUserCommand({ UserName, Path }))
  const PolicyDocument = JSON.stringify(MAY_CALL_THE_API)
  await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'may-call-lapse', PolicyDocument }))
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }))
  if (!User?.Arn || !AccessKey?.AccessKeyId || !AccessKey.SecretAccessKey)
    throw new Error(`IAM gave no user or keys for ${principal}`)
  return { arn: User.Arn, accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey }
}
