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

/** Of these, the ones without regions: CloudTrail has their calls in one place, where the history is always read. */
const WITHOUT_REGIONS: ReadonlySet<string> = new Set(['iam', 'organizations', 'route53'])

/**
 * Whether any use of the entitlement would be seen in the event history of these regions. Where it would not, "not seen" says nothing
 * of whether it was used: in a region that was not looked at, say, unless a fence keeps the grant out of it.
 */
export function wouldBeSeen(
  { entitlements }: Pick<AccessFile, 'entitlements'>,
  id: string,
  regions: readonly string[],
): boolean {
  const entitlement = own(entitlements, id)
  if (!entitlement) return false
  const { statements, fences } = entitlement
  const isWithin = fences?.regions?.every(region => regions.includes(region)) ?? false
  const services = isWithin ? MANAGEMENT_ONLY : WITHOUT_REGIONS
  return statements.every(
    ({ actions, exceptActions }) =>
      !exceptActions && actions.every(action => services.has((action.split(':')[0] ?? '').toLowerCase())),
  )
}
