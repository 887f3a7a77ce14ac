import type { AdvancedEventSelector, CloudTrailClient, EventSelector } from '@aws-sdk/client-cloudtrail'
import { attempted, type Finding, type Verdict } from './finding.ts'

/** Where CloudTrail records what is done in IAM. */
export const IAM_TRAIL_REGION = 'us-east-1'

/** Whether a trail records changes of IAM: EventBridge, and so Lapse, hears of them only then. */
export function trailFinding(cloudTrail: CloudTrailClient): Promise<Finding> {
  return attempted('CloudTrail trail', async (): Promise<Verdict> => {
    const { DescribeTrailsCommand } = await import('@aws-sdk/client-cloudtrail')
    const { trailList = [] } = await cloudTrail.send(new DescribeTrailsCommand({}))
    for (const { TrailARN, IncludeGlobalServiceEvents } of trailList) {
      if (TrailARN && IncludeGlobalServiceEvents && (await recordsChanges(cloudTrail, TrailARN)))
        return { verdict: 'fine', detail: `${TrailARN} records changes of IAM` }
    }
    return {
      verdict: 'missing',
      detail: 'no trail records changes of IAM: those that others make are not noted',
      remedy: `have a trail with management events, of every region or of ${IAM_TRAIL_REGION}`,
    }
  })
}

async function recordsChanges(cloudTrail: CloudTrailClient, arn: string): Promise<boolean> {
  const { GetEventSelectorsCommand, GetTrailStatusCommand } = await import('@aws-sdk/client-cloudtrail')
  const { IsLogging } = await cloudTrail.send(new GetTrailStatusCommand({ Name: arn }))
  if (!IsLogging) return false
  const { EventSelectors = [], AdvancedEventSelectors = [] } = await cloudTrail.send(
    new GetEventSelectorsCommand({ TrailName: arn }),
  )
  return EventSelectors.some(hasWrites) || AdvancedEventSelectors.some(hasWritesToo)
}

function hasWrites({ IncludeManagementEvents, ReadWriteType }: EventSelector): boolean {
  return IncludeManagementEvents === true && ReadWriteType !== 'ReadOnly'
}

function hasWritesToo({ FieldSelectors = [] }: AdvancedEventSelector): boolean {
  const says = (field: string, value: string) =>
    FieldSelectors.some(({ Field, Equals = [] }) => Field === field && Equals.includes(value))
  return says('eventCategory', 'Management') && !says('readOnly', 'true')
}
