import { CreateRoleCommand, type IAMClient, PutRolePolicyCommand, PutUserPolicyCommand } from '@aws-sdk/client-iam'
import * as z from 'zod/mini'
import { type Keys, signedCall } from '../cli/api/signed-call.ts'
import { MAY_CALL_THE_API, type Place, placeOf } from './principal-place.ts'

/** Where STS answers. */
export interface Sts {
  readonly endpointUrl: string
  readonly region: string
}

const TWELVE_HOURS_SECONDS = 43_200

/** A role that users of the account may assume, each under the name of their user alone, with the right to call the API. */
export async function makeRole(iam: IAMClient, principal: string, accountId: string): Promise<string> {
  const { name: RoleName, path: Path } = placeOf(principal)
  const trust = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${accountId}:root` },
        Action: 'sts:AssumeRole',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable of IAM
        Condition: { StringEquals: { 'sts:RoleSessionName': '${aws:username}' } },
      },
    ],
  }
  const AssumeRolePolicyDocument = JSON.stringify(trust)
  const { Role } = await iam.send(
    new CreateRoleCommand({ RoleName, Path, AssumeRolePolicyDocument, MaxSessionDuration: TWELVE_HOURS_SECONDS }),
  )
  const PolicyDocument = JSON.stringify(MAY_CALL_THE_API)
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'may-call-lapse', PolicyDocument }))
  if (!Role?.Arn) throw new Error(`IAM gave no role for ${principal}`)
  return Role.Arn
}

/** Lets a user assume the role; under which name, the role says. */
export async function letAssume(iam: IAMClient, { name: UserName }: Place, roleArn: string): Promise<void> {
  const Statement = [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: roleArn }]
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
  const PolicyName = `may-assume-${placeOf(roleArn).name}`
  await iam.send(new PutUserPolicyCommand({ UserName, PolicyName, PolicyDocument }))
}

/** The temporary keys of a session, for as long as STS gives them, by a call the user signs. */
export async function takeSession(
  { endpointUrl, region }: Sts,
  user: Keys,
  { roleArn, name }: { readonly roleArn: string; readonly name: string },
): Promise<Keys & { readonly sessionToken: string }> {
  const asked = {
    Action: 'AssumeRole',
    Version: '2011-06-15',
    RoleArn: roleArn,
    RoleSessionName: name,
    DurationSeconds: String(TWELVE_HOURS_SECONDS),
  }
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const answer = await signedCall(user, region, {
    method: 'POST',
    url: `${endpointUrl}/`,
    service: 'sts',
    headers,
    body: new URLSearchParams(asked).toString(),
  })
  const text = await answer.text()
  const keys = $SessionKeys.safeParse({
    accessKeyId: member(text, 'AccessKeyId'),
    secretAccessKey: member(text, 'SecretAccessKey'),
    sessionToken: member(text, 'SessionToken'),
  })
  if (!answer.ok || !keys.success)
    throw new Error(`STS gave no session ${name} of ${roleArn}: ${answer.status} ${member(text, 'Code') ?? ''}`)
  return keys.data
}

const $SessionKeys = z.object({ accessKeyId: z.string(), secretAccessKey: z.string(), sessionToken: z.string() })

/** The text of an element of STS's answer; none of those looked for holds another. */
function member(xml: string, name: string): string | undefined {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1]
}
