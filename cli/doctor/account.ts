import type { IAMClient } from '@aws-sdk/client-iam'
import type { LambdaClient } from '@aws-sdk/client-lambda'
import type { AccessFile } from '../../lambdas/domain/access-file.ts'
import { attempted, type Finding, type Verdict } from './finding.ts'

/** New accounts begin with ten concurrent executions; Lapse has more functions than that. */
const LEAST_CONCURRENCY = 50

/** What of the account Lapse leans on: its IAM users, their boundary, and how many functions may run at once. */
export async function accountFindings(
  { iam, lambda }: { readonly iam: IAMClient; readonly lambda: LambdaClient },
  access: AccessFile,
): Promise<readonly Finding[]> {
  const users = await attempted('IAM users', async () => usersVerdict(await usersOf(iam, access)))
  const boundary = await attempted('permissions boundary', async () => boundaryVerdict(await usersOf(iam, access)))
  return [users, boundary, await attempted('Lambda concurrency', () => concurrencyVerdict(lambda)), trail()]
}

interface UserFound {
  readonly principal: string
  readonly isThere: boolean
  readonly hasBoundary: boolean
}

async function usersOf(iam: IAMClient, { people }: AccessFile): Promise<readonly UserFound[]> {
  const found: UserFound[] = []
  for (const principal of Object.values(people).flatMap(({ principals }) => principals)) {
    found.push(await userFound(iam, principal))
  }
  return found
}

async function userFound(iam: IAMClient, principal: string): Promise<UserFound> {
  const { GetUserCommand, NoSuchEntityException } = await import('@aws-sdk/client-iam')
  try {
    const { User } = await iam.send(new GetUserCommand({ UserName: principal.split('/').at(-1) }))
    const isThere = User?.Arn?.endsWith(`:${principal}`) === true
    return { principal, isThere, hasBoundary: isThere && User?.PermissionsBoundary !== undefined }
  } catch (error) {
    if (error instanceof NoSuchEntityException) return { principal, isThere: false, hasBoundary: false }
    throw error
  }
}

function usersVerdict(users: readonly UserFound[]): Verdict {
  const missing = users.filter(({ isThere }) => !isThere).map(({ principal }) => principal)
  if (missing.length === 0) return { verdict: 'fine', detail: `all ${users.length} of the access file exist` }
  const remedy = 'create them, or correct their path in the access file'
  return { verdict: 'missing', detail: `there is no ${missing.join(', no ')}`, remedy }
}

function boundaryVerdict(users: readonly UserFound[]): Verdict {
  const without = users.filter(({ isThere, hasBoundary }) => isThere && !hasBoundary).map(({ principal }) => principal)
  if (without.length === 0) return { verdict: 'fine', detail: 'every IAM user of the access file carries one' }
  return {
    verdict: 'missing',
    detail: `none on ${without.join(', ')}`,
    remedy: 'put one on them (lib/iam/ceiling-boundary.json is one to begin with) and deploy with -c boundaries=<arn>',
  }
}

async function concurrencyVerdict(lambda: LambdaClient): Promise<Verdict> {
  const { GetAccountSettingsCommand } = await import('@aws-sdk/client-lambda')
  const { AccountLimit } = await lambda.send(new GetAccountSettingsCommand({}))
  const most = AccountLimit?.ConcurrentExecutions
  if (most === undefined) return { verdict: 'could not check', detail: 'Lambda did not say the limit of the account' }
  if (most >= LEAST_CONCURRENCY) return { verdict: 'fine', detail: `${most} concurrent executions` }
  return {
    verdict: 'missing',
    detail: `the account may run ${most} functions at once; ${LEAST_CONCURRENCY} or more are good`,
    remedy: 'ask for more in Service Quotas: Lambda, concurrent executions',
  }
}

/** There is no CloudTrail client among the dependencies; what is not looked at is said. */
function trail(): Finding {
  const detail = 'lapse has no CloudTrail client; look with aws cloudtrail describe-trails'
  return { check: 'CloudTrail trail', verdict: 'could not check', detail }
}
