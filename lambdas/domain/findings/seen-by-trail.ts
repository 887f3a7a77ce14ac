import { type AccessFile, own } from '../access-file.ts'

/**
 * Services of which every call by IAM credentials is a management event, so that CloudTrail's event history shows it. Reading an object
 * or an item, invoking a function or sending a message is a data event and in no history; a service that is not named here may have
 * such calls. https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html
 */
const MANAGEMENT_ONLY: ReadonlySet<string> = new Set([
  'acm',
  'autoscaling',
  'cloudformation',
  'cloudtrail',
  'ec2',
  'elasticache',
  'elasticloadbalancing',
  'iam',
  'kms',
  'organizations',
  'rds',
  'redshift',
  'route53',
  'secretsmanager',
  'sts',
  'wafv2',
])

/** Whether any use of the entitlement would be seen. Where it would not, "not seen" says nothing of whether it was used. */
export function wouldBeSeen({ entitlements }: Pick<AccessFile, 'entitlements'>, id: string): boolean {
  const entitlement = own(entitlements, id)
  if (!entitlement) return false
  return entitlement.statements.every(
    ({ actions, exceptActions }) =>
      !exceptActions && actions.every(action => MANAGEMENT_ONLY.has((action.split(':')[0] ?? '').toLowerCase())),
  )
}
