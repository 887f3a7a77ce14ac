import type { AccessFile } from '../../lambdas/domain/access-file.ts'
import { credentialsOfEnvironment } from '../api/credentials.ts'
import { reasonOf } from '../errors.ts'
import { accountFindings } from './account.ts'
import type { Finding } from './finding.ts'
import { mailFindings } from './mail.ts'
import { IAM_TRAIL_REGION, trailFinding } from './trail.ts'

/** So that a region that cannot be reached is told of and not waited for. */
const TIMEOUTS = { connectionTimeout: 3000, requestTimeout: 10_000 }

/** What only AWS knows, looked at with the credentials of the environment. The clients are loaded only here. */
export async function awsFindings(access: AccessFile, region: string | undefined): Promise<readonly Finding[]> {
  if (!region) return [notLooked('no region; say it with --region or AWS_REGION')]
  try {
    await credentialsOfEnvironment(region)()
  } catch (error) {
    return [notLooked(reasonOf(error))]
  }
  const [{ SESv2Client }, { IAMClient }, { LambdaClient }, { CloudTrailClient }] = await Promise.all([
    import('@aws-sdk/client-sesv2'),
    import('@aws-sdk/client-iam'),
    import('@aws-sdk/client-lambda'),
    import('@aws-sdk/client-cloudtrail'),
  ])
  const settings = { region, maxAttempts: 2, requestHandler: TIMEOUTS }
  return [
    ...(await mailFindings(new SESv2Client(settings), access)),
    ...(await accountFindings({ iam: new IAMClient(settings), lambda: new LambdaClient(settings) }, access)),
    await trailFinding(new CloudTrailClient({ ...settings, region: IAM_TRAIL_REGION })),
  ]
}

function notLooked(detail: string): Finding {
  return { check: 'mail, IAM users, roles, boundary, concurrency, trail', verdict: 'could not check', detail }
}
