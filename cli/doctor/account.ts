import type { IAMClient } from '@aws-sdk/client-iam'
import type { LambdaClient } from '@aws-sdk/client-lambda'
import type { AccessFile } from '../../lambdas/domain/access-file.ts'
import { attempted, type Finding, type Verdict } from './finding.ts'

/** What Lapse reserves, 400 at most, and the 100 that AWS wants left for other functions: with fewer the deployment fails. */
const LEAST_CONCURRENCY = 500

/** What of the account Lapse leans on: its IAM users and roles, their boundary, and how many functions may run at once. */
export async function accountFindings(
  { iam, lambda }: { readonly iam: IAMClient; readonly lambda: LambdaClient },
  access: AccessFile,
): Promise<readonly Finding[]> {
  const principals = principalsOf(iam, access)
  const there = await attempted('IAM users and roles', async () => thereVerdict(await principals))
  const boundary = await attempted('permissions boundary', async () => boundaryVerdict(await principals))
  return [there, boundary, await attempted('Lambda concurrency', () => concurrencyVerdict(lambda))]
}

interface PrincipalFound {
  readonly principal: string
  readonly isThere: boolean
  readonly hasBoundary: boolean
}

async function principalsOf(iam: IAMClient, { people }: AccessFile): Promise<readonly PrincipalFound[]> {
  const users = Object.values(people).flatMap(({ principals }) => principals)
  const roles = Object.values(people).flatMap(({ sessions = [] }) => sessions.map(({ role }) => role))
  const found: PrincipalFound[] = []
  for (const principal of [...users, ...new Set(roles)]) found.push(await principalFound(iam, principal))
  return found
}

async function principalFound(iam: IAMClient, principal: string): Promise<PrincipalFound> {
  const { NoSuchEntityException } = await import('@aws-sdk/client-iam')
  try {
    const { Arn, PermissionsBoundary } = (await readPrincipal(iam, principal)) ?? {}
    const isThere = Arn?.endsWith(`:${principal}`) === true
    return { principal, isThere, hasBoundary: isThere && PermissionsBoundary !== undefined }
  } catch (error) {
    if (error instanceof NoSuchEntityException) return { principal, isThere: false, hasBoundary: false }
    throw error
  }
}

async function readPrincipal(iam: IAMClient, principal: string) {
  const { GetRoleCommand, GetUserCommand } = await import('@aws-sdk/client-iam')
  const name = principal.split('/').at(-1)
  if (principal.startsWith('role/')) return (await iam.send(new GetRoleCommand({ RoleName: name }))).Role
  return (await iam.send(new GetUserCommand({ UserName: name }))).User
}

function thereVerdict(principals: readonly PrincipalFound[]): Verdict {
  const missing = principals.filter(({ isThere }) => !isThere).map(({ principal }) => principal)
  if (missing.length === 0) return { verdict: 'fine', detail: `all ${principals.length} of the access file exist` }
  const remedy = 'create them, or correct their path in the access file'
  return { verdict: 'missing', detail: `there is no ${missing.join(', no ')}`, remedy }
}

function boundaryVerdict(principals: readonly PrincipalFound[]): Verdict {
  const bare = principals.filter(({ isThere, hasBoundary }) => isThere && !hasBoundary)
  const without = bare.map(({ principal }) => principal)
  if (without.length === 0) return { verdict: 'fine', detail: 'every IAM user and role of the access file carries one' }
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
    detail: `the account may run ${most} functions at once, fewer than the ${LEAST_CONCURRENCY} to reserve executions from`,
    remedy: 'ask for more in Service Quotas: Lambda, concurrent executions; until then deploy with -c concurrency=off',
  }
}
