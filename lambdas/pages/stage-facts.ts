import { approvalLine, commentFacts } from './approval-facts.ts'
import type { Fact } from './request-facts.ts'
import type { StageView } from './request-view.ts'
import type { Reader } from './times.ts'

/** Who has agreed so far, with their words, and who is still needed. Nothing for a request that one person alone decides. */
export function stageFacts(stage: StageView | undefined, { timezone }: Reader): readonly Fact[] {
  if (!stage || (stage.given.length === 0 && stage.isLastApproval)) return []
  const { given, missing, canStillAnswer, name, number, count } = stage
  const agreed = given.map(approval => `${approvalLine(approval, timezone)}, for stage ${approval.stage}`)
  const later = count - number
  const after =
    later === 0 ? [] : [later === 1 ? 'Then one more stage is asked' : `Then ${later} more stages are asked`]
  return [
    { label: 'Open stage', values: [`${name}, ${number} of ${count}`] },
    { label: 'Agreed so far', values: agreed.length === 0 ? ['Nobody yet'] : agreed },
    ...commentFacts(given),
    { label: 'Still needed', values: [`${missing} of ${canStillAnswer.join(', ')}`, ...after] },
  ]
}
